import type { Rows } from './row.ts';

export const trpc: Rows = {
  'playground.hold': { elsewhere: 'opened only by the same credential, as a run: hub/trpc.test.ts' },
  'playground.run': { elsewhere: 'a stream: lists.test.ts' },
  'playground.tools': { server: 'use', say: ({ id }) => ({ input: { serverId: id } }) },
  'playground.follow': { elsewhere: 'only the run of the same credential: hub/trpc.test.ts' },
  'playground.cancel': { elsewhere: 'only the run of the same credential: hub/trpc.test.ts' },
  'playground.answer': { elsewhere: 'only the run of the same credential: hub/trpc.test.ts' },
};
