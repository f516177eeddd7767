export type { DraftProblem } from './types.ts';
export { createGraphReader, missingOfGraph, type GraphDraft } from './graph-draft.ts';
export { createToolReader, missingOfTool, type ToolDraft } from './tool-draft.ts';
export type { ToolLanguage } from './tool-programs.ts';
export { graphPrompt, toolPrompt, type Described } from './prompts.ts';
