import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: '模拟产品',
  lead: '无需安装即可使用的产品：其工具由模板、模型或录制的回答来应答。',
  loadFailed: '无法加载模拟产品',
  none: '还没有模拟产品',
  title: '模拟器',
} satisfies Translation<typeof english>;
