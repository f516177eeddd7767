import type { Kind } from './kind.ts';

/** A simulated product, which the hub itself answers for. */
export const app: Kind = {
  fields: ['app'],
  needs: { field: 'app', hint: 'is required for an app: give the id of a simulated product' },
  has: 'an app has a simulated product',
  // Configs of clients know no such thing: they reach it at its URL.
  words: [],
  place: 'hub',
  isolation: 'session',
  right: null,
  transport: () => 'stdio',
  launch: ({ app: id }) => ({ kind: 'app', app: id ?? '' }),
  config: ({ app: id }) => ({ app: id }),
};
