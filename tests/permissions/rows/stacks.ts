import { ghost, ghostRun, ghostToMake, onEngine } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'stacks.list': onEngine,
  'stacks.get': ghost({ id: 'ghost' }),
  'stacks.check': ghostToMake({ content: 'no stack' }),
  'stacks.create': ghostToMake({ content: 'no stack' }),
  'stacks.update': ghost({ id: 'ghost' }),
  'stacks.versions': ghost({ id: 'ghost' }),
  'stacks.diff': ghost({ id: 'ghost', from: 1, to: 2 }),
  'stacks.restore': ghost({ id: 'ghost', number: 1 }),
  'stacks.revealEnv': ghost({ id: 'ghost' }),
  'stacks.adopt': ghostToMake({ project: 'ghost' }),
  'stacks.up': ghost({ id: 'ghost' }),
  'stacks.down': ghost({ id: 'ghost' }),
  'stacks.stop': ghost({ id: 'ghost' }),
  'stacks.restart': ghost({ id: 'ghost' }),
  'stacks.scale': ghost({ id: 'ghost', service: 'web', replicas: 1 }),
  'stacks.updates': ghost({ id: 'ghost' }),
  'stacks.remove': ghost({ id: 'ghost' }),
  'stacks.logs': ghost({ id: 'ghost' }),
  'stacks.followLogs': ghostRun,
};

export const rest: Rows = {
  'containers.compose.up': { circle: 'keepers', say: () => ({ input: { content: 'no stack' } }) },
  'containers.compose.down': { circle: 'keepers', say: () => ({ input: { content: 'no stack' } }) },
  'containers.compose.status': { circle: 'keepers', say: () => ({ input: { content: 'no stack' } }) },
};
