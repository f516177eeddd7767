export { adoptStack } from './adopt.ts';
export { composeDown, composeStatus, composeUp } from './by-text.ts';
export { checkStack } from './check.ts';
export { checkStackUpdates, downStack, removeStack, restartStack, scaleStack, stopStack, upStack } from './operate.ts';
export { diffStackVersions, listStackVersions, restoreStack } from './history.ts';
export { followStackLogs, stackLogs } from './streams.ts';
export { createStack, getStack, listStacks, revealStackEnv, updateStack } from './verbs.ts';
