import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: '卷',
  add: '新建卷',
  create: '创建',
  created: '{{name}} 已创建',
  inUse: '{{name}} 正在使用，无法删除',
  lead: '容器消失后仍会保留的数据。',
  loadFailed: '无法加载卷',
  nameHint: '留空则由引擎命名。',
  noMatch: '没有符合搜索的卷',
  none: '还没有卷',
  noneHint: '创建一个并挂载到容器：容器消失后数据仍在。',
  prune: '清理',
  pruneLead: '将删除的正是以下卷，连同其中的数据。',
  removeAction: '删除卷',
  removeBody: '其中的数据将永久消失。',
  removeFailed: '无法删除卷',
  removeOf: '删除 {{name}}',
  removeTitle: '删除 {{name}}？',
  removed: '{{name}} 已删除',
  search: '搜索卷',
  unused: '未使用',
  usedBy: '使用者',
} satisfies Translation<typeof english>;
