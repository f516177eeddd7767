import { z } from 'zod';

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a time',
  never: 'absent',
};

const formats: Readonly<Record<string, string>> = {
  email: 'an email address',
  url: 'a URL',
  datetime: 'a time such as 2024-01-31T12:00:00Z',
  date: 'a date such as 2024-01-31',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

const things: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  map: 'entries',
  set: 'entries',
};

type ZodIssue = Parameters<z.core.$ZodErrorMap>[0];

function sizeWords(issue: ZodIssue & { code: 'too_small' | 'too_big' }): string {
  const isLeast = issue.code === 'too_small';
  const size = isLeast ? issue.minimum : issue.maximum;
  const bound = issue.exact ? 'exactly' : isLeast ? 'at least' : 'at most';
  const more = issue.inclusive === false ? (isLeast ? 'more than' : 'less than') : bound;
  const thing = things[issue.origin];
  if (thing === undefined) return `must be ${more} ${size}`;
  if (isLeast && Number(size) === 1 && !issue.exact) return 'must not be empty';
  return `must have ${more} ${size} ${thing}`;
}

/**
 * Messages in plain words for schemas without messages of their own: validators name their own types (`expected record,
 * received undefined`).
 */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      if (issue.expected === 'never') return 'must not be given';
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is required';
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
    case 'too_big':
      return sizeWords(issue);
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? 'in another form'}`;
    case 'unrecognized_keys':
      return `does not know ${issue.keys.join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    default:
      return 'has none of the forms that it may have';
  }
};

// Of the whole process: schemas are also parsed by those who cannot be given words, such as tRPC.
z.config({ localeError: plainWords });
