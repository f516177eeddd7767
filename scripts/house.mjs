// npm run house: prints the numbers of the code itself, which docs/house.md keeps.
import { projectEnv, projectNode, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

await prepare();
process.exitCode = await runForeground(projectNode, ['tests/house/main.ts', ...process.argv.slice(2)], {
  env: projectEnv(),
});
