import type { Rows } from './row.ts';

const elsewhere = 'whose graph it is, and to whom it is open, decides: graphs.test.ts';

export const trpc: Rows = {
  'graphs.list': { circle: 'unconfined', say: () => ({}) },
  'graphs.get': { elsewhere },
  'graphs.check': { circle: 'notViewers', say: () => ({ input: { config: { name: 'draft', nodes: [] } } }) },
  'graphs.save': { elsewhere },
  'graphs.rename': { elsewhere },
  'graphs.share': { elsewhere },
  'graphs.show': { elsewhere: 'to whom the graph is open: hub/graph-servers.test.ts' },
  'graphs.remove': { elsewhere },
  'graphs.readme': { elsewhere },
  'graphs.versions': { elsewhere },
  'graphs.diff': { elsewhere },
  'graphs.restore': { elsewhere },
  'graphs.scripts': { elsewhere },
  'graphs.runs.start': { elsewhere },
  'graphs.runs.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'graphs.runs.get': { elsewhere },
  'graphs.runs.follow': { elsewhere },
  'graphs.runs.stop': { elsewhere },
  'graphs.runs.answer': { elsewhere },
  'graphs.runs.resume': { elsewhere },
};

export const rest: Rows = {
  'agents.graphs.list': { circle: 'unconfined', say: () => ({}) },
  'agents.graphs.get': { elsewhere },
  'agents.graphs.readme': { elsewhere },
  'agents.graphs.save': { elsewhere },
  'agents.graphs.remove': { elsewhere },
  'agents.graphs.rename': { elsewhere },
  'agents.graphs.script': { elsewhere },
  'agents.graphs.execute': { elsewhere },
};
