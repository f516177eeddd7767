import type { Rows } from './row.ts';

const elsewhere = 'whose conversation it is decides, and what it is about: generation.test.ts';

export const trpc: Rows = {
  'generation.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'generation.get': { elsewhere },
  'generation.graph.prompt': { circle: 'notViewers', say: () => ({ input: {} }) },
  'generation.graph.say': { elsewhere },
  'generation.graph.finish': { elsewhere },
  'generation.tool.prompt': { circle: 'notViewers', say: () => ({}) },
  'generation.tool.say': { elsewhere },
  'generation.tool.finish': { elsewhere },
};

export const rest: Rows = {
  'agents.graphs.template': { circle: 'notViewers', say: () => ({}) },
  'agents.graphs.changeTemplate': { circle: 'notViewers', say: () => ({}) },
  'agents.graphs.generate': { elsewhere },
  'agents.mcp.generate': { elsewhere },
  'agents.mcp.template': { circle: 'notViewers', say: () => ({}) },
};
