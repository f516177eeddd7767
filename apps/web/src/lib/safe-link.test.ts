import { expect, it } from 'vitest';
import { safeLink } from './safe-link.ts';

it.each([
  ['https://a.b/c', 'https://a.b/c'],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['file:///etc/passwd', null],
  ['not a url', null],
])('follows only web addresses: %s', (uri, link) => {
  expect(safeLink(uri)).toBe(link);
});
