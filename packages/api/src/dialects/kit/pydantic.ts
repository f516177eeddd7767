import type { Issue } from './problem.ts';

/** Pydantic's words for the types of values. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'string_type',
  number: 'float_type',
  int: 'int_type',
  boolean: 'bool_type',
  array: 'list_type',
  object: 'dict_type',
  record: 'dict_type',
};

/** The pydantic type for a text of a query that cannot be parsed. */
const parsed: Readonly<Record<string, string>> = { int: 'int_parsing', stringbool: 'bool_parsing' };

/** The pydantic type of an issue: clients of FastAPI switch on it. */
export function pydanticType({ code, about = '', missing, in: place }: Issue): string {
  if (missing) return 'missing';
  const inQuery = place === 'query' ? parsed[about] : undefined;
  if (inQuery !== undefined) return inQuery;
  switch (code) {
    case 'invalid_type':
      return typeNames[about] ?? 'value_error';
    case 'too_small':
      return about === 'string' ? 'string_too_short' : about === 'array' ? 'too_short' : 'greater_than_equal';
    case 'too_big':
      return about === 'string' ? 'string_too_long' : about === 'array' ? 'too_long' : 'less_than_equal';
    case 'invalid_value':
      return 'literal_error';
    case 'invalid_format':
      return 'string_pattern_mismatch';
    case 'unrecognized_keys':
      return 'extra_forbidden';
    default:
      return 'value_error';
  }
}
