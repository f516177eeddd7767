// npm start: prepares the checkout, then runs the hub and ends with its code.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { answerFlags, tell } from './lib/flags.mjs';
import { projectEnv, projectNode, root, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

/**
 * Memory under load: what lives is small, and what comes and goes with calls is not, so the old generation is collected
 * from 40 MB on and grows by 40 % at most in between. Much earlier would cost each call a third more CPU. Under load V8
 * would take objects of a call for such that stay and put them there at once, and its helpers take longer to share a
 * young collection than one thread needs for it: both are off.
 */
const nodeOptions = [
  '--max-semi-space-size=8',
  '--initial-old-space-size=40',
  '--heap-growing-percent=40',
  '--no-allocation-site-pretenuring',
  '--no-parallel-scavenge',
];

async function start() {
  await prepare();
  const main = path.join(root, 'apps/server/dist/main.js');
  return runForeground(projectNode, [...nodeOptions, main], { env: projectEnv({ NODE_ENV: 'production' }) });
}

try {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const answer = answerFlags(process.argv.slice(2), version);
  if (answer) tell(answer);
  else process.exitCode = await start();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
