export {
  checkDraft,
  getGraph,
  graphReadme,
  graphScripts,
  listGraphs,
  removeGraph,
  renameGraph,
  saveGraph,
  shareGraph,
} from './verbs.ts';
export type { Asked, GraphTold } from './events.ts';
export type { GraphNews } from './follow.ts';
export { answerGraphRun } from './answer.ts';
export { executeGraph } from './execute.ts';
export { callGraph, graphToolOf } from './serve.ts';
export { diffGraphVersions, listGraphVersions, restoreGraph } from './history.ts';
export { showGraph } from './show.ts';
export { followGraphRun, getGraphRun, lastGraphRun, listGraphRuns, resumeRun, startRun, stopGraphRun } from './runs.ts';
