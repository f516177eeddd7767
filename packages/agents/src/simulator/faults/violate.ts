import { isObject } from '@switchboard/basics';
import { jsonAnswer, type Answer } from '../results.ts';
import type { SchemaCheck } from '../schema/check.ts';

/** A value of another type. */
function other(value: unknown): unknown {
  return typeof value === 'string' ? { unexpected: value.slice(0, 200) } : 'unexpected';
}

/** An answer that is not what it should be: a field has another type, or the whole has. */
export function violated(answer: Answer, check: SchemaCheck | null): Answer {
  const { value } = answer;
  if (answer.isError) return answer;
  if (isObject(value)) {
    for (const [key, each] of Object.entries(value).slice(0, 100)) {
      const wrong = { ...value, [key]: other(each) };
      if (check === null || check(wrong).length > 0) return jsonAnswer(wrong);
    }
    for (const key of Object.keys(value).slice(0, 100)) {
      const lacking = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      if (check !== null && check(lacking).length > 0) return jsonAnswer(lacking);
    }
  }
  return jsonAnswer(value === undefined ? ['unexpected'] : [value]);
}
