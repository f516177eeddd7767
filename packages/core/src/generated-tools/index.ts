export { loadRunnable, type RunnableTool } from './queries.ts';
export { registerGeneratedTool } from './register.ts';
export {
  changeGeneratedTool,
  disableGeneratedTool,
  enableGeneratedTool,
  getGeneratedTool,
  listGeneratedTools,
  removeGeneratedTool,
} from './verbs.ts';
