import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const hub = 'http://127.0.0.1:3000';

/** Everything on the hub's port but the page itself. */
const hubPaths = '/trpc /frames /mcp /sse /messages /api /openapi.json /docs /health /ready /metrics'.split(' ');

/** Modules of this repository that the page is made of. */
const sources = /[\\/](?:web[\\/]src|packages[\\/]\w+[\\/]src)[\\/]/;

function smallSources(module: string): boolean {
  return sources.test(module) && !/[\\/]features[\\/]stacks[\\/]/.test(module);
}

export default defineConfig({
  base: '/ui/',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The page's content security policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // A shared file is named after all pages that use it, which may be a long list.
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
        // Without groups every module that two pages share becomes a file: two hundred, most of them below 2 kB.
        // Where modules are used by few pages, only those pages load them.
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules/, minShareCount: 4, priority: 2 },
            // An icon is a module of 300 bytes.
            { name: 'icons', test: /node_modules.lucide-react/, minShareCount: 2, priority: 3 },
            { name: 'shared', test: sources, minShareCount: 4, priority: 1 },
            // Small parts are merged with those of similar pages; the stack editor's would bring YAML with them.
            {
              name: 'common',
              test: smallSources,
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 8000,
            },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { port: 5173, proxy: Object.fromEntries(hubPaths.map((path) => [path, hub])) },
});
