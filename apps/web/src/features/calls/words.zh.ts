import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: '调用',
  anyOutcome: '所有结果',
  anyServer: '所有服务器',
  arguments: '参数',
  argumentsNotRecorded: '未记录参数。',
  endpoint: '端点',
  gone: '记录中没有这次调用',
  latest: '最近的调用',
  lead: '谁调用了什么，用了多久，结果如何。',
  loadFailed: '无法加载调用记录',
  noKey: '无：直接登录',
  noMatch: '没有符合筛选条件的调用',
  one: '调用',
  result: '返回内容',
  resultNotRecorded: '未记录返回内容。',
  search: '搜索调用',
  title: '调用记录',
  tool: '工具名称',
  toLog: '查看当时的日志',
  tryAgain: '在试验场中打开',
  via: '来源',
  recording: {
    change: '更改',
  },
} satisfies Translation<typeof english>;
