import { isObject } from '@switchboard/basics';
import { DomainError } from '../../errors.ts';
import { say } from '../../reasons.ts';
import type { Fields } from './fields.ts';
import { referenceText, variableName, withBraces } from './references.ts';
import type { Json } from './value.ts';

/** Address and headers of a remote server, whatever the client calls them; the first that says a header counts. */
export function readRemote(given: unknown, fields: Fields): Json {
  const headers = new Map<string, [string, unknown]>();
  function add(name: string, value: unknown) {
    const key = name.toLowerCase();
    if (value !== null && !headers.has(key)) headers.set(key, [name, referenceText(value)]);
  }
  const maps = [
    fields.take('headers'),
    fields.inside('requestInit').take('headers'),
    fields.inside('requestOptions').take('headers'),
    fields.take('http_headers'),
  ];
  for (const map of maps) for (const [name, value] of headerPairs(map)) add(name, value);
  for (const [name, variable] of headerPairs(fields.take('env_http_headers'))) {
    add(name, `\${${variableName('env_http_headers', variable)}}`);
  }
  const variable = fields.take('bearer_token_env_var');
  if (variable !== undefined) add('Authorization', `Bearer \${${variableName('bearer_token_env_var', variable)}}`);
  const token = fields.take('bearer_token', 'authorization_token');
  if (typeof token === 'string') add('Authorization', `Bearer ${token}`);
  else if (token !== undefined)
    throw new DomainError('invalid', say('inField', { field: 'bearer_token', reason: say('mustBeText') }));
  const { url, authorization } = withoutUser(typeof given === 'string' ? withBraces(given) : given);
  if (authorization !== null) add('Authorization', authorization);
  return { url, ...(headers.size > 0 && { headers: Object.fromEntries(headers.values()) }) };
}

function headerPairs(value: unknown): [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (!isObject(value))
    throw new DomainError('invalid', say('inField', { field: 'headers', reason: say('mustBeValues') }));
  return Object.entries(value);
}

/** User and password in an address go nowhere; as a header they do what is meant. */
function withoutUser(url: unknown): { url: unknown; authorization: string | null } {
  if (typeof url !== 'string' || !URL.canParse(url)) return { url, authorization: null };
  const { username, password } = new URL(url);
  if (username === '' && password === '') return { url, authorization: null };
  const pair = decoded(`${username}:${password}`);
  if (pair === null || pair.includes('${')) {
    throw new DomainError('invalid', say('inField', { field: 'url', reason: say('mustHoldNoUser') }));
  }
  // As text: the parsed address would no longer have its placeholders.
  const start = url.indexOf('//') + 2;
  const length = url.slice(start).search(/[/?#\\]/);
  const at = url.lastIndexOf('@', length === -1 ? url.length : start + length);
  const plain = `${url.slice(0, start)}${url.slice(at + 1)}`;
  return { url: plain, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
