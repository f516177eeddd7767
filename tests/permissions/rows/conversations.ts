import type { Rows } from './row.ts';

const elsewhere = 'whose conversation it is decides, and no role: conversations.test.ts';

export const trpc: Rows = {
  'conversations.list': { circle: 'unconfined', say: () => ({ input: {} }) },
  'conversations.get': { elsewhere },
  'conversations.tools': { elsewhere },
  'conversations.extras': { elsewhere },
  'conversations.usePrompt': { elsewhere },
  'conversations.readResource': { elsewhere },
  'conversations.complete': { elsewhere },
  'conversations.export': { elsewhere },
  'conversations.import': { elsewhere },
  'conversations.say': { elsewhere },
  'conversations.follow': { elsewhere },
  'conversations.stop': { elsewhere },
  'conversations.goOn': { elsewhere },
  'conversations.answer': { elsewhere },
  'conversations.update': { elsewhere },
  'conversations.share': { elsewhere },
  'conversations.select': { elsewhere },
  'conversations.compact': { elsewhere },
  'conversations.undoCompaction': { elsewhere },
  'conversations.rules': { elsewhere },
  'conversations.setRule': { elsewhere },
  'conversations.presets': { elsewhere },
  'conversations.keepPresets': { elsewhere },
  'conversations.forgetPreset': { elsewhere },
  'conversations.listOthers': { elsewhere },
  'conversations.inspect': { elsewhere },
  'conversations.remove': { elsewhere },
};

export const rest: Rows = {
  'agents.chat.complete': { elsewhere },
  'agents.conversations.list': { circle: 'unconfined', say: () => ({}) },
  'agents.conversations.get': { elsewhere },
  'agents.conversations.status': { elsewhere },
  'agents.conversations.remove': { elsewhere },
  'agents.conversations.title': { elsewhere },
  'agents.conversations.tags': { elsewhere },
  'agents.conversations.compact': { elsewhere },
};
