export { compactConversation, undoCompaction, type CompactionDone } from './compact.ts';
export type { ChatEvent, ToldEvent } from './events.ts';
export type { RoundNews } from './follow.ts';
export { followRound, answerRound, continueRound, sayIn, stopRound } from './say.ts';
export {
  getConversation,
  listConversations,
  previewTools,
  removeConversation,
  selectRound,
  shareConversation,
  updateConversation,
} from './verbs.ts';
export { chatIn, chatOnce, findNamed, listNamed, userNameOf, type ChatTold } from './documented.ts';
export { completeExtra, listExtras, readExtra, usePrompt } from './extras.ts';
export { exportConversation, importConversation } from './import.ts';
export { forgetPreset, keepPresets, listPresets } from './presets.ts';
export { completeWithTools, streamWithTools } from './programs.ts';
export { inspectConversation, listOthers } from './inspect.ts';
export { listToolRules, setToolRule } from './tool-rules.ts';
