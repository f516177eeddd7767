import { expect, test } from 'vitest';
import { reachOf } from './reach.ts';

test.each([
  [null, '127.0.0.1', 'here'],
  [null, 'localhost', 'here'],
  [null, '[::1]', 'here'],
  [null, '192.168.0.5', 'none'],
  ['http://hub.internal', 'hub.internal', 'here'],
  ['https://hub.example', 'localhost', 'anywhere'],
] as const)('with the public address %s, seen at %s, clients sign in: %s', (publicUrl, hostname, reach) => {
  expect(reachOf(publicUrl, hostname)).toBe(reach);
});
