// npm start: prepares the checkout, then runs the hub and ends with its code.
import path from 'node:path';
import { projectEnv, projectNode, root, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

/**
 * Memory under load: a larger young generation would grow the process by half and win nothing measurable, and what
 * outlives it is collected early, for what lives is small and what comes and goes with calls is not.
 */
const nodeOptions = ['--max-semi-space-size=8', '--heap-growing-percent=20'];

try {
  await prepare();
  const main = path.join(root, 'apps/server/dist/main.js');
  process.exitCode = await runForeground(projectNode, [...nodeOptions, main, ...process.argv.slice(2)], {
    env: projectEnv({ NODE_ENV: 'production' }),
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
