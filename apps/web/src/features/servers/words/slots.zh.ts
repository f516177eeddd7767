import type { Translation } from '../../../locales/translation.ts';
import type { slots as english } from './slots.en.ts';

export const slots = {
  title: '每个人各自的凭据',
  hint: '每个人填写一次。在服务器需要的位置写 ${user:NAME}：可用于环境变量和标头的值，以及 URL 的路径和查询部分。这样，实例就属于各个用户。',
  add: '添加一项',
  name: '第 {{number}} 项凭据的名称',
  label: '第 {{number}} 项凭据的显示名称',
  labelExample: '访问令牌',
  description: '第 {{number}} 项凭据的获取方式',
  descriptionExample: '从哪里获取，例如：个人资料、设置、令牌',
  secret: '第 {{number}} 项凭据是机密',
  remove: '移除第 {{number}} 项凭据',
  yours: '它使用您的个人凭据',
  missing: '它在等待您的个人凭据：{{names}}',
  filled: '您已全部填写。只有您自己的调用会使用它们。',
  needed: '需要您的凭据',
  open: '我的凭据',
} satisfies Translation<typeof english>;
