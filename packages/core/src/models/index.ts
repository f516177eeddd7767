export { listBudgets, setBudget } from './budgets.ts';
export { completeChat, streamChat, type ChatRequest, type Chunks } from './chat.ts';
export { addFirstModels, type FirstModel } from './first.ts';
export { listOffered, testModel, testModelDraft } from './test.ts';
export { takeTurn, type ModelTurn, type TurnRequest } from './turns.ts';
export { modelUse } from './used.ts';
export { createModel, getModel, listModels, removeModel, updateModel } from './verbs.ts';
