export { finishGraph } from './finish-graph.ts';
export { finishTool } from './finish-tool.ts';
export {
  generateGraph,
  generateTool,
  getGeneration,
  graphTemplate,
  listGenerations,
  sayOfGraph,
  sayOfTool,
  toolTemplate,
  type Generating,
} from './verbs.ts';
