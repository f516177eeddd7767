import { parse, TomlError } from 'smol-toml';
import { isObject } from '@switchboard/basics';
import { say } from '../../reasons.ts';
import { createBudget, deepest, unreadable, type Budget, type ConfigValue } from './value.ts';

/** TOML, as Codex keeps its servers in. Throws `invalid` with the place and what is wrong there. */
export function readToml(text: string): ConfigValue {
  try {
    return valueOf(parse(text, { maxDepth: deepest }), createBudget());
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = (error.message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '');
    throw unreadable(say('configInvalid', { format: 'TOML', line: error.line, column: error.column, what }));
  }
}

/** Dates are text: nothing of a server is one. */
function valueOf(value: unknown, budget: Budget, depth = 0): ConfigValue {
  budget.spend(depth);
  if (Array.isArray(value)) return value.map((each) => valueOf(each, budget, depth + 1));
  if (value instanceof Date) return value.toISOString();
  if (isObject(value)) {
    return { pairs: Object.entries(value).map(([key, inner]) => [key, valueOf(inner, budget, depth + 1)]) };
  }
  return typeof value === 'boolean' || typeof value === 'number' ? value : String(value);
}
