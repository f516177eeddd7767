import { expect, it } from 'vitest';
import { readAddress } from './address.ts';

it.each([
  ['192.0.2.1, 198.51.100.7', '198.51.100.7'],
  ['198.51.100.7:4711', '198.51.100.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['unknown', '127.0.0.1'],
  ['x'.repeat(10_000), '127.0.0.1'],
  ['', '127.0.0.1'],
  [undefined, '127.0.0.1'],
])('takes from a trusted proxy nothing but an address: %s', (forwarded, address) => {
  expect(readAddress(forwarded, '127.0.0.1', true)).toBe(address);
  expect(readAddress(forwarded, '127.0.0.1', false)).toBe('127.0.0.1');
});
