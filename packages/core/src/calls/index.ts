export { createTaskRoutes } from './task-routes.ts';
export { callAnyTool, callTool } from './verbs.ts';
export { listCallers, describeCall } from './callers.ts';
export { getCall, listCalls } from './queries.ts';
