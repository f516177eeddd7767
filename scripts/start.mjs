// npm start: prepares the checkout, then runs the hub and ends with its code.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { answerFlags, tell } from './lib/flags.mjs';
import { nodeOptions } from './lib/node-options.mjs';
import { projectEnv, projectNode, root, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

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
