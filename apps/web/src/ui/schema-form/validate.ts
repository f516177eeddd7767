import {
  isSchema,
  kindOf,
  options,
  pathKey,
  properties,
  resolve,
  text,
  variants,
  type Path,
  type Schema,
} from './schema.ts';

/** What is wrong with one field; the page translates the code. */
export interface Problem {
  code:
    | 'required'
    | 'type'
    | 'integer'
    | 'minimum'
    | 'maximum'
    | 'minLength'
    | 'maxLength'
    | 'pattern'
    | 'format'
    | 'option'
    | 'minItems'
    | 'maxItems';
  limit?: string | number;
}

export type Problems = ReadonlyMap<string, Problem>;

const formats: Record<string, RegExp> = {
  email: /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i,
  time: /^\d{2}:\d{2}(:\d{2})?/,
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
};

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Longest value, in characters, that a server's pattern is tried on here. */
const longestTried = 256;
const mostUnbounded = 2;
const mostChoices = 8;

/**
 * Whether a server's pattern takes little time on a short value, whatever it says: no repeated groups, no references
 * back, few repetitions and alternatives. Anything else could hold the page up for good.
 */
export function isCheap(pattern: string): boolean {
  const plain = pattern.replace(/\\[^dDwWsSk1-9]/g, 'x').replace(/\[[^[\]]*\]/g, 'x');
  if (/\)[*+?{]|\\[k1-9]|\(\?[=!<]/.test(plain)) return false;
  const unbounded = plain.match(/[*+]|\{\d*,\d*\}/g)?.length ?? 0;
  const choices = plain.match(/[?|]/g)?.length ?? 0;
  return unbounded <= mostUnbounded && choices <= mostChoices;
}

function matches(pattern: string, value: string): boolean {
  if (value.length > longestTried || !isCheap(pattern)) return true;
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // A pattern in another dialect of regular expressions is the server's to judge.
    return true;
  }
}

function stringProblem(schema: Schema, value: string): Problem | null {
  const least = number(schema['minLength']);
  const most = number(schema['maxLength']);
  const length = Array.from(value).length;
  if (least !== null && length < least) return { code: 'minLength', limit: least };
  if (most !== null && length > most) return { code: 'maxLength', limit: most };
  const pattern = text(schema['pattern']);
  if (pattern !== null && !matches(pattern, value)) return { code: 'pattern', limit: pattern };
  const format = text(schema['format']);
  if (format === 'uri' && !URL.canParse(value)) return { code: 'format', limit: format };
  if (format !== null && formats[format]?.test(value) === false) return { code: 'format', limit: format };
  return null;
}

function numberProblem(schema: Schema, value: number, whole: boolean): Problem | null {
  if (whole && !Number.isInteger(value)) return { code: 'integer' };
  const least = number(schema['minimum']);
  const most = number(schema['maximum']);
  if (least !== null && value < least) return { code: 'minimum', limit: least };
  if (most !== null && value > most) return { code: 'maximum', limit: most };
  return null;
}

function listProblem(schema: Schema, value: unknown[]): Problem | null {
  const least = number(schema['minItems']);
  const most = number(schema['maxItems']);
  if (least !== null && value.length < least) return { code: 'minItems', limit: least };
  if (most !== null && value.length > most) return { code: 'maxItems', limit: most };
  return null;
}

/** Checks what a form can know; the server has the last word. */
export function validate(
  schema: Schema,
  root: Schema,
  value: unknown,
  path: Path = [],
  required = true,
): Map<string, Problem> {
  const problems = new Map<string, Problem>();
  function add(problem: Problem | null) {
    if (problem) problems.set(pathKey(path), problem);
  }
  if (value === undefined) {
    if (required) add({ code: 'required' });
    return problems;
  }
  const nullable = Array.isArray(schema['type']) && schema['type'].includes('null');
  if (value === null && nullable) return problems;
  const kind = kindOf(schema, root);
  function into(inner: Map<string, Problem>) {
    for (const [key, problem] of inner) problems.set(key, problem);
  }
  if (kind === 'enum') {
    const known = options(schema)?.some((option) => Object.is(option.value, value)) ?? true;
    if (!known && typeof value !== 'object') add({ code: 'option' });
  } else if (kind === 'string')
    add(typeof value === 'string' ? stringProblem(schema, value) : { code: 'type', limit: 'string' });
  else if (kind === 'number' || kind === 'integer') {
    add(typeof value === 'number' ? numberProblem(schema, value, kind === 'integer') : { code: 'type', limit: kind });
  } else if (kind === 'boolean') add(typeof value === 'boolean' ? null : { code: 'type', limit: kind });
  else if (kind === 'object') {
    if (!isSchema(value)) add({ code: 'type', limit: 'object' });
    else {
      for (const each of properties(schema, root)) {
        into(validate(each.schema, root, value[each.name], [...path, each.name], each.required));
      }
    }
  } else if (kind === 'array' || kind === 'choices') {
    if (!Array.isArray(value)) add({ code: 'type', limit: 'array' });
    else {
      add(listProblem(schema, value));
      const items = resolve(schema['items'], root);
      if (kind === 'array') value.forEach((each, index) => into(validate(items, root, each, [...path, index])));
    }
  } else if (kind === 'union') {
    const fits = variants(schema).some((variant) => validate(resolve(variant, root), root, value, path).size === 0);
    if (!fits) into(validate(resolve(variants(schema)[0], root), root, value, path));
  }
  return problems;
}
