import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: '对话',
} satisfies Translation<typeof english>;
