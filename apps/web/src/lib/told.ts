import type { TFunction } from 'i18next';
import { told as words } from '../locales/en/told.ts';
import type { CallRecord } from './api-types.ts';

type Key = keyof typeof words.told;

/** What stands in place of a name: a sentence again, what a program wrote, or one of these; of any other one word. */
const filled: Readonly<Record<string, string>> = {
  first: '[^]+',
  line: '[^]+',
  reason: '[^]+',
  transport: 'HTTP\\+SSE|Streamable HTTP',
};

function patternOf(text: string): RegExp {
  const parts = text.split(/\{\{(\w+)\}\}/).map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return `(?<${part}>${filled[part] ?? '\\S+?'})`;
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** Longer texts are no words of the hub's, in characters. */
const longestTold = 4096;

const patterns = (Object.keys(words.told) as Key[]).map((key) => [key, patternOf(words.told[key])] as const);

/** Why a call failed; what the tool itself answered is not the hub's to say. */
export function callError({ outcome, errorMessage }: Pick<CallRecord, 'outcome' | 'errorMessage'>, t: TFunction) {
  return outcome === 'tool_error' || errorMessage === null ? errorMessage : inOwnWords(errorMessage, t);
}

/** What the hub said, in the reader's language where it is the hub's own words; what programs say stays as it is. */
export function inOwnWords(text: string, t: TFunction): string {
  if (text.length > longestTold) return text;
  for (const [key, pattern] of patterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const { id = '', reason = '', first = '', ...words } = match.groups ?? {};
    const sentences = { first: first && inOwnWords(first, t), reason: reason && inOwnWords(reason, t) };
    // Which words a text has is known from its pattern only: the key stands for one that has these two.
    return t(`told.${key}` as 'told.notAvailable', { ...words, id, ...sentences });
  }
  return text;
}

/** What to do where a remote server answers with a status that says little by itself; null: its text says it, or nobody knows. */
export function hintOf(text: string, t: TFunction): string | null {
  const [, status = ''] = /HTTP (\d{3})\b/.exec(text.slice(0, longestTold)) ?? [];
  if (status === '403') return t('httpHint.forbidden');
  if (status === '429') return t('httpHint.tooMany');
  return status.startsWith('5') ? t('httpHint.itsFault') : null;
}
