export { createEngine } from './engine.ts';
export type { Engine, EngineInfo, EngineOptions, EngineVersion } from './engine.ts';
