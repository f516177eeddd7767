import { expect, it } from 'vitest';
import { parseInput } from '../verb.ts';
import { CreateServer } from './schema.ts';

const remote = { kind: 'streamable-http', url: 'https://example.com/mcp' };

it.each([
  ['env', { kind: 'stdio', command: 'x', env: { 'A=B': 'v' } }, /^env\.A=B: names must be letters, digits/],
  ['headers', { ...remote, headers: { 'X Y': 'v' } }, /^headers\.X Y: must be a valid HTTP header name$/],
  ['headers', { ...remote, headers: { X: 5 } }, /^headers\.X: must be a text$/],
  [
    'secrets',
    { kind: 'container', container: { image: 'x' }, secrets: { 'a-b': 'v' } },
    /^secrets\.a-b: names must be/,
  ],
])('says of a name in %s what names may be', (_field, draft, message) => {
  expect(() => parseInput(CreateServer, { id: 'a', name: 'a', ...draft })).toThrow(message);
});
