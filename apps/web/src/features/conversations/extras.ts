import type { Outputs } from '../../lib/trpc.ts';

export type Extras = Outputs['conversations']['extras'];
export type Prompt = Extras['prompts'][number];
export type Resource = Extras['resources'][number];

/** What is typed that names something of a server: a prompt as the first word, or a resource as the last. */
export interface Naming {
  kind: 'command' | 'mention';
  word: string;
  /** Where it begins in the text. */
  from: number;
}

const longestWord = 200;

export function namingIn(text: string): Naming | null {
  const isCommand = text.startsWith('/');
  const from = isCommand ? 0 : text.lastIndexOf('@');
  if (from === -1 || text.length - from > longestWord) return null;
  const word = text.slice(from + 1);
  if (/\s/.test(word)) return null;
  if (!isCommand && from > 0 && !/\s/.test(text[from - 1] ?? '')) return null;
  return { kind: isCommand ? 'command' : 'mention', word, from };
}

export type Option = { kind: 'command'; prompt: Prompt } | { kind: 'mention'; resource: Resource };

const mostOptions = 8;

/** What fits a name that is being typed. */
export function optionsFor(naming: Naming | null, extras: Extras | undefined): Option[] {
  if (naming === null || extras === undefined) return [];
  const word = naming.word.toLowerCase();
  if (naming.kind === 'command') {
    return extras.prompts
      .filter(({ name, title }) => `${name} ${title ?? ''}`.toLowerCase().includes(word))
      .slice(0, mostOptions)
      .map((prompt) => ({ kind: 'command', prompt }));
  }
  return extras.resources
    .filter(({ name, uri }) => `${name} ${uri}`.toLowerCase().includes(word))
    .slice(0, mostOptions)
    .map((resource) => ({ kind: 'mention', resource }));
}
