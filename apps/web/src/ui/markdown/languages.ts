import type { Parser } from '@lezer/common';

type Load = () => Promise<Parser>;

async function javascript(dialect: string): Promise<Parser> {
  const { parser } = await import('@lezer/javascript');
  return parser.configure({ dialect });
}

const loaders: Readonly<Record<string, Load>> = {
  css: async () => (await import('@lezer/css')).parser,
  diff: async () => (await import('./legacy.ts')).diffParser,
  html: async () => (await import('@lezer/html')).parser,
  javascript: () => javascript('jsx'),
  json: async () => (await import('@lezer/json')).parser,
  python: async () => (await import('@lezer/python')).parser,
  shell: async () => (await import('./legacy.ts')).shellParser,
  sql: async () => (await import('./legacy.ts')).sqlParser,
  toml: async () => (await import('./legacy.ts')).tomlParser,
  typescript: () => javascript('ts'),
  tsx: () => javascript('ts jsx'),
  yaml: async () => (await import('@lezer/yaml')).parser,
};

/** Other names that texts use. */
const others: Readonly<Record<string, string>> = {
  bash: 'shell',
  console: 'shell',
  cjs: 'javascript',
  js: 'javascript',
  json5: 'json',
  jsonc: 'json',
  jsx: 'javascript',
  mjs: 'javascript',
  mts: 'typescript',
  patch: 'diff',
  py: 'python',
  python3: 'python',
  sh: 'shell',
  svg: 'html',
  ts: 'typescript',
  xml: 'html',
  yml: 'yaml',
  zsh: 'shell',
};

/** How the grammar of a language is loaded, by any of its names; null where there is none. */
export function grammarOf(name: string): Load | null {
  const known = name.toLowerCase();
  const language = Object.hasOwn(others, known) ? others[known] : known;
  return language !== undefined && Object.hasOwn(loaders, language) ? (loaders[language] ?? null) : null;
}
