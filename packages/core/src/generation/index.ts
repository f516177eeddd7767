export { finishGraph } from './finish.ts';
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
