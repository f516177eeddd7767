// Generators of clients use the compiler API of TypeScript 5, which TypeScript 7 does not have. Loaded with --import.
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const typescript5 = pathToFileURL(createRequire(import.meta.url).resolve('typescript')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript'
      ? { url: typescript5, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
});
