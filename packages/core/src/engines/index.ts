export { noEngine, type ContainerPolicy, type Engines, type ManagedEngine } from './contract.ts';
export { cancelRun, diskUsage, engineOverview, followRun, listEngines, listRuns, lookAtEngine } from './verbs.ts';
export { followUsage } from './usage.ts';
export { wholeEngine } from './owner.ts';
export { staleOnEngine, staleWithEngine } from './live.ts';
