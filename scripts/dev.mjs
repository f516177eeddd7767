// npm run dev: the hub restarts when a source file changes; Vite serves the page at its own port and proxies the rest.
import { projectEnv, projectNode, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

await prepare();
const env = projectEnv();
const codes = await Promise.all([
  runForeground(projectNode, ['--watch', '--watch-preserve-output', 'apps/server/src/main.ts'], { env }),
  runForeground(projectNode, ['node_modules/vite/bin/vite.js', 'apps/web'], { env }),
]);
process.exitCode = Math.max(...codes);
