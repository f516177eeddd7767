export { noProviders, type ModelServices } from './contract.ts';
export { takeTurn, type ModelTurn, type TurnRequest } from './turns.ts';
export { addFirstModel, createModel, getModel, listModels, removeModel, updateModel } from './verbs.ts';
