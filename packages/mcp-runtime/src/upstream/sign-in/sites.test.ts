import { expect, it } from 'vitest';
import { isSameSite } from './sites.ts';

it.each([
  ['https://accounts.example.com/a', 'https://example.com/b', true],
  ['https://mcp.example.com', 'https://cf.mcp.example.com', true],
  ['https://a.example.co.uk', 'https://b.example.co.uk', true],
  ['http://127.0.0.1:1', 'http://127.0.0.1:2', true],
  ['https://accounts.google.com', 'https://oauth2.googleapis.com', false],
  ['https://one.co.uk', 'https://two.co.uk', false],
  ['https://one.workers.dev', 'https://two.workers.dev', false],
  ['https://a.one.workers.dev', 'https://a.two.workers.dev', false],
  ['https://one.gov.br', 'https://two.gov.br', false],
  ['https://one.auth.eu-west-1.amazoncognito.com', 'https://two.auth.eu-west-1.amazoncognito.com', false],
  ['https://one.pages.dev', 'https://two.pages.dev', false],
  ['https://ONE.example.com.', 'https://two.example.com', true],
  ['http://[::1]:1', 'http://[::1]:2', true],
  ['http://127.0.0.1', 'http://127.0.0.2', false],
  ['http://127.0.0.1', 'http://localhost', false],
  ['https://com', 'https://evil.com', false],
])('%s and %s are of one owner: %s', (one, other, same) => {
  expect(isSameSite(one, other)).toBe(same);
  expect(isSameSite(other, one)).toBe(same);
});
