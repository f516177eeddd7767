// npm run test:long: the matrices that are too long for each change. A million hostile messages over the links, every
// pattern checked anew, the fuzzing of the door, and the fault suites in their long form.
import { projectEnv, projectNode, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

const parts = [
  { project: 'unit', files: ['links/hostile'], env: { SWITCHBOARD_FUZZ_MESSAGES: '1000000' } },
  { project: 'unit', files: ['tests/patterns'], env: { SAFE_PATTERNS: 'write' } },
  {
    project: 'hub',
    files: [
      'faults/json-rpc',
      'faults/kill',
      'faults/soak',
      'faults/engine',
      'faults/jobs',
      'faults/chat',
      'faults/chat-zombie',
      'faults/graphs',
      'faults/forbidden-stacks',
    ],
    env: { SWITCHBOARD_SOAK: '1' },
  },
  {
    project: 'hub',
    files: ['interop/matrix', 'conformance/conformance', 'conformance/extensions'],
    env: { SWITCHBOARD_SOAK: '1' },
  },
  {
    project: 'hub',
    files: ['hub/launchers', 'hub/chat-elicitations', 'hub/budget-race'],
    env: { SWITCHBOARD_SOAK: '1' },
  },
];

await prepare();
for (const { project, files, env } of parts) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...files, ...process.argv.slice(2)];
  const code = await runForeground(projectNode, args, { env: projectEnv({ ...env, ...process.env }) });
  process.exitCode ||= code;
}
