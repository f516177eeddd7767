import { DomainError } from '../../errors.ts';
import { say } from '../../reasons.ts';
import type { Fields } from './fields.ts';

/** Tools that a client's entry leaves on. */
export interface NamedTools {
  /** No others are on; null where the entry names none. */
  only: string[] | null;
  /** These are off. */
  off: string[];
}

const mostNames = 1_000;
const longestName = 512;

/** Codex, Gemini, Amp and Copilot say which tools of a server they use, or which they do not. */
export function toolsOf(fields: Fields): NamedTools {
  const only = ['enabled_tools', 'includeTools', 'enabledTools', 'tools'].flatMap((key) => namesUnder(fields, key));
  const off = ['disabled_tools', 'excludeTools', 'disabledTools'].flatMap((key) => namesUnder(fields, key));
  const [first] = only;
  return { only: first === undefined || first.includes('*') ? null : first, off: [...new Set(off.flat())] };
}

function namesUnder(fields: Fields, key: string): string[][] {
  const value = fields.peek(key);
  // Under `tools` other clients describe tools: that is not for the hub.
  if (value === undefined || (key === 'tools' && !(Array.isArray(value) && value.every(isName)))) return [];
  fields.take(key);
  if (!Array.isArray(value) || !value.every(isName) || value.length > mostNames) {
    throw new DomainError('invalid', say('inField', { field: key, reason: say('mustBeTools') }));
  }
  return [[...new Set(value)]];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestName;
}
