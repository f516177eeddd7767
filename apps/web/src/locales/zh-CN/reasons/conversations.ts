import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of conversations, and of runs of agents. */
export const conversations = {
  answerCut: '服务在回答途中终止。已生成的内容已保留；可让其继续，或重新提问。',
  answerRefused: '回答已放弃。',
  cannotSample: '没有模型可以回答该请求：{{why}}',
  conversationOfRun: '这是图的一次运行：不能在其中发言。请重新运行该图。',
  conversationOfGeneration: '模型正在此对话中制作图或工具：请在那里继续，或开始新的对话。',
  conversationBusy: '此对话正在回答：请等待其结束，或将其停止。',
  conversationNotYours: '此对话仅供您阅读；只有其所有者可以更改它。',
  conversationsNotRead: '本服务不允许管理员阅读他人的对话。可在设置的“对话”中允许；此后每次阅读都会被记录。',
  conversationRemoved: '对话已删除。',
  presetsFull: '您有 {{count}} 个预设，已达每人上限：请先删除一个，再保存新的。',
  conversationFull: '此对话已有 {{count}} 轮，已达上限：请开始新的对话。',
  conversationsFull: '您有 {{count}} 个对话，已达每人上限：请先永久删除一些，再开始新的。',
  nothingToCompact: '此对话中还没有可压缩的内容。',
  notThatImage: '“{{name}}”不是以 data URL 表示的 PNG、JPEG、GIF 或 WebP 图片',
  noConversation: '对话“{{id}}”不存在。',
  noRound: '此对话中没有轮次“{{id}}”。',
  resourceNoText: '“{{uri}}”不含文本。',
  roundNotCut: '此回答已完整：没有可继续的内容。',
  runTakenOver: '另一个服务实例正在继续此运行。',
  runnerGone: '发起者已不存在，或不再有权执行。',
  titleEmpty: '不能为空',
  userIdNotYours: '“{{id}}”是其他人：请填写您自己的 ID 或用户名，或留空。',
} satisfies Partial<Record<ReasonCode, string>>;
