import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';

interface Limit {
  keyword: string;
  message: string;
}

type Holds = (value: number, limit: number) => boolean;

/** The limits by keyword: how a value is measured, and the message where it does not hold. */
const limits: readonly (readonly [string, (value: unknown, spend: Spend) => number | null, Holds, string])[] = [
  ['minimum', asNumber, (value, limit) => value >= limit, 'must be at least'],
  ['maximum', asNumber, (value, limit) => value <= limit, 'must be at most'],
  ['exclusiveMinimum', asNumber, (value, limit) => value > limit, 'must be more than'],
  ['exclusiveMaximum', asNumber, (value, limit) => value < limit, 'must be less than'],
  ['multipleOf', asNumber, isMultiple, 'must be a multiple of'],
  ['minLength', characters, (value, limit) => value >= limit, 'must have at least so many characters:'],
  ['maxLength', characters, (value, limit) => value <= limit, 'must have at most so many characters:'],
  ['minItems', entries, (value, limit) => value >= limit, 'must have at least so many entries:'],
  ['maxItems', entries, (value, limit) => value <= limit, 'must have at most so many entries:'],
  ['minProperties', fields, (value, limit) => value >= limit, 'must have at least so many fields:'],
  ['maxProperties', fields, (value, limit) => value <= limit, 'must have at most so many fields:'],
];

type Spend = (steps: number) => void;

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function isMultiple(value: number, of: number): boolean {
  if (of <= 0) return true;
  const times = value / of;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

function characters(value: unknown, spend: Spend): number | null {
  if (typeof value !== 'string') return null;
  spend(value.length / 16);
  let count = 0;
  for (const _char of value) count += 1;
  return count;
}

function entries(value: unknown): number | null {
  return Array.isArray(value) ? value.length : null;
}

function fields(value: unknown, spend: Spend): number | null {
  if (!isObject(value)) return null;
  const count = Object.keys(value).length;
  spend(count);
  return count;
}

/** The first limit of a schema that the value is beyond; null where it is beyond none. */
export function limitFault(schema: JsonObject, value: unknown, spend: Spend): Limit | null {
  for (const [keyword, measure, holds, message] of limits) {
    const limit = schema[keyword];
    if (typeof limit !== 'number') continue;
    const measured = measure(value, spend);
    if (measured !== null && !holds(measured, limit)) return { keyword, message: `${message} ${limit}` };
  }
  return null;
}
