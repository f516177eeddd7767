// Bundles the server's programs: our own workspaces inside, packages from npm outside.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/tools.mjs';

const outdir = path.join(root, 'apps/server/dist');

/** Whether the bundle, where it stands, finds the package that the importing file means. */
function isFoundFromBundle(specifier, resolveDir) {
  if (isBuiltin(specifier)) return true;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  for (let at = resolveDir; at.startsWith(root); at = path.dirname(at)) {
    if (existsSync(path.join(at, 'node_modules', name))) return at === root || at === path.join(root, 'apps/server');
  }
  return true;
}

/** npm may put a package into one workspace only: such a one goes into the bundle. */
const externalPackages = {
  name: 'external-packages',
  setup(plugin) {
    plugin.onResolve({ filter: /^[^./]/ }, ({ kind, path: specifier, resolveDir }) => {
      if (kind === 'entry-point' || specifier.startsWith('@switchboard/')) return undefined;
      return isFoundFromBundle(specifier, resolveDir) ? { external: true } : undefined;
    });
  },
};

/** A module that finds files beside itself must still find them from inside the bundle. */
const sourceUrls = {
  name: 'source-urls',
  setup(plugin) {
    plugin.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      if (!text.includes('import.meta.')) return undefined;
      const relative = JSON.stringify(path.relative(outdir, file).split(path.sep).join('/'));
      const url = `new URL(${relative}, import.meta.url)`;
      const contents = text
        .replaceAll('import.meta.url', `(${url}.href)`)
        .replaceAll('import.meta.dirname', `(process.getBuiltinModule('node:url').fileURLToPath(new URL('.', ${url})))`)
        .replaceAll('import.meta.filename', `(process.getBuiltinModule('node:url').fileURLToPath(${url}))`);
      return { contents, loader: 'ts' };
    });
  },
};

const source = (name) => path.join(root, `apps/server/src/${name}.ts`);

const common = {
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
};

await build({
  ...common,
  entryPoints: [source('main'), source('bridge')],
  target: 'node24',
  sourcemap: 'linked',
  plugins: [externalPackages, sourceUrls],
});

// Complete in itself: it may be run from a copy, by an account that cannot reach this directory.
await build({
  ...common,
  entryPoints: [source('demo-server')],
  minifySyntax: true,
  banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
});
