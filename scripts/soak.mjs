// npm run soak: the long form of the fault suite (1,000 connect/call/disconnect cycles).
import { projectEnv, projectNode, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

await prepare();
const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'faults', 'soak', ...process.argv.slice(2)];
process.exitCode = await runForeground(projectNode, args, { env: projectEnv({ SWITCHBOARD_SOAK: '1' }) });
