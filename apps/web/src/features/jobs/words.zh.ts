import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: '任务',
  drop: '放弃',
  dropBody: '它要做的事将不会完成。此操作无法撤销。',
  dropOf: '放弃{{name}}',
  dropTitle: '放弃此任务？',
  dropped: '任务已放弃',
  failed: '{{count}} 个失败',
  lastRun: '上次运行',
  loadFailed: '无法加载后台任务',
  never: '七天内没有',
  nextRun: '下次',
  retried: '任务正在排队',
  retry: '重试',
  retryOf: '重试{{name}}',
  running: '{{count}} 个运行中',
  setAside: '已搁置，等待处理',
  title: '后台任务',
  tries_other: '尝试 {{count}} 次',
  trouble: '目前没有任务在运行',
  waiting: '{{count}} 个等待中',
  wentWrong: '出错',
  types: {
    answerClaude: '回答向 Claude 提出的问题',
    tellClaude: '将 Claude 的回答发送到回调地址',
    nameConversation: '为对话拟定标题',
    pruneHistory: '删除旧的历史记录',
    pruneSessions: '删除过期的登录',
    pruneTaskRoutes: '清除已结束的任务记录',
  },
} satisfies Translation<typeof english>;
