import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: '网络',
  add: '新建网络',
  builtIn: '内置',
  create: '创建',
  created: '{{name}} 已创建',
  internal: '内部',
  internalHint: '其中的容器只能互相访问，不能访问外部。',
  lead: '谁可以与谁通信。',
  loadFailed: '无法加载网络',
  noMatch: '没有符合搜索的网络',
  none: '还没有网络',
  noneHint: '创建一个：其中的容器可以用名称互相找到。',
  prune: '清理',
  pruneLead: '将删除的正是以下网络，其中没有容器。',
  removeAction: '删除网络',
  removeBody: '使用它的容器在它恢复之前无法启动。',
  removeFailed: '无法删除网络',
  removeOf: '删除 {{name}}',
  removeTitle: '删除 {{name}}？',
  removed: '{{name}} 已删除',
  search: '搜索网络',
  subnet: '子网',
  subnetHint: '留空则由引擎选择。指定子网需要“容器可触及主机”权限。',
} satisfies Translation<typeof english>;
