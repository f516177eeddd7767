import type { Kind } from './kind.ts';

/** A graph of agents as one tool, which the hub runs for the caller. */
export const graph: Kind = {
  fields: ['graph'],
  needs: { field: 'graph', hint: 'is required for a graph: give its id' },
  has: 'a graph has the id of a graph',
  // Configs of clients know no such thing: they reach it at its URL.
  words: [],
  place: 'hub',
  // A call says who makes it, and nothing is kept between two.
  isolation: 'shared',
  right: null,
  transport: () => 'stdio',
  launch: ({ graph: id }) => ({ kind: 'graph', graph: id ?? '' }),
  config: ({ graph: id }) => ({ graph: id }),
};
