import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  anyLevel: '所有级别',
  anySource: '所有来源',
  lead: '本服务与各服务器写下的内容、变更记录以及失败的调用。您只会看到有权读取的部分。',
  level: '级别',
  metadata: '更多信息',
  noneHint: '新的记录会实时显示在这里。',
  older: '显示更早的记录',
  pause: '暂停',
  resume: '继续（{{count}} 条新记录）',
  source: '来源',
  thisRequest: '此请求的全部记录',
  thisTrace: '该追踪的全部记录',
  title: '日志',
  toCall: '查看该调用',
  toEntry: '查看审计条目',
  atLeast: {
    debug: '调试及以上',
    info: '信息及以上',
    warn: '警告与错误',
    error: '仅错误',
  },
  filter: {
    server: '服务器 ID',
    request: '请求 ID',
    trace: '追踪 ID',
  },
  sources: {
    audit: '变更',
    calls: '失败的调用',
    server: '服务器',
    hub: '本服务',
  },
} satisfies Translation<typeof english>;
