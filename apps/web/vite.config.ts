import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const hub = 'http://127.0.0.1:3000';

/** Everything on the hub's port but the page itself. */
const hubPaths = '/trpc /mcp /sse /messages /api /openapi.json /docs /health /ready /metrics'.split(' ');

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
  },
  worker: { format: 'es' },
  server: { port: 5173, proxy: Object.fromEntries(hubPaths.map((path) => [path, hub])) },
});
