// npm run bench: measures the hub against a direct connection and a featureless relay.
import { projectEnv, projectNode, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

await prepare();
process.exitCode = await runForeground(projectNode, ['tests/bench/main.ts', ...process.argv.slice(2)], {
  env: projectEnv(),
});
