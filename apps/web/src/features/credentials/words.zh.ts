import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: '个人凭据',
  title: '我的凭据',
  lead: '只属于您本人的密钥、令牌和名称：每个人各自填写，其他人都看不到。',
  loadFailed: '无法加载您的凭据',
  none: '没有服务器需要您的个人凭据',
  noneHere: '此服务器不需要您的个人凭据',
  noneHint: '在服务器的设置中声明了这类凭据后，它会显示在这里。',
  missing_other: '缺少 {{count}} 项',
  complete: '已填写',
  fillIn: '填写',
  change: '更改',
  ofServer: '您用于 {{name}} 的凭据',
  hint: '只有您自己的调用会使用它们。它们以加密方式保存，任何人都看不到，管理员也不例外。更改后，使用旧凭据运行的实例会结束。',
  stillMissing: '仍缺少：{{names}}',
  ready: '已全部填写：您的调用将使用您自己的凭据。',
  filled: '已填写',
  notFilled: '缺少',
  keep: '留空则保留现有的值',
  take: '移除 {{name}}',
} satisfies Translation<typeof english>;
