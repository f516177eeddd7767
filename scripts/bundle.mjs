// Bundles the server's programs: our own workspaces inside, packages from npm outside.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/tools.mjs';

const outdir = path.join(root, 'apps/server/dist');

const externalPackages = {
  name: 'external-packages',
  setup(plugin) {
    plugin.onResolve({ filter: /^[^./]/ }, (args) =>
      args.kind === 'entry-point' || args.path.startsWith('@switchboard/') ? undefined : { external: true },
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

const entries = ['main', 'demo-server', 'bridge'].map((name) => path.join(root, `apps/server/src/${name}.ts`));

await build({
  entryPoints: entries,
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [externalPackages, sourceUrls],
});
