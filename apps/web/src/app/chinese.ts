import { zhCN } from '../locales/zh-CN/index.ts';

export { reasons } from '../locales/zh-CN/index.ts';

// By pattern and not from the list of features: what each feature loads by itself would be a file of its own.
const files = import.meta.glob<object>('../features/*/words.zh.ts', { eager: true, import: 'words' });
const own = Object.entries(files).map(([file, words]) => [file.split('/').at(-2), words]);

/** Every word of the page in Chinese, as in English. */
export const words: object = { ...zhCN, ...Object.fromEntries(own) };
