import { expect, it } from 'vitest';
import { policyOf, readDeclaration, toSource } from './policy.ts';

it.each([
  ['https://api.example.com', 'https://api.example.com'],
  ['HTTPS://API.Example.com/', 'https://api.example.com'],
  ['wss://live.example.com:8443', 'wss://live.example.com:8443'],
  ['https://*.example.com', 'https://*.example.com'],
  ['http://localhost:3001', 'http://localhost:3001'],
])('takes %s for a host', (written, source) => {
  expect(toSource(written)).toBe(source);
});

it.each<unknown>([
  '*',
  'https:',
  'https://*',
  'https://*.com',
  'https://example.com/path',
  'https://example.com; script-src *',
  "https://example.com 'unsafe-eval'",
  'https://example.com https://other.com',
  'https://example.com,https://other.com',
  'https://example.com\nSet-Cookie: a=b',
  "'self'",
  'data:',
  'javascript://example.com',
  'https://user@example.com',
  'https://example..com',
  `https://${'a'.repeat(400)}.com`,
  7,
  null,
  {},
])('takes %j for none', (written) => {
  expect(toSource(written)).toBeNull();
});

it('reads a declaration, whatever it is', () => {
  const csp = {
    connectDomains: ['https://api.example.com', 'x; y'],
    resourceDomains: [
      'https://api.example.com',
      ...Array.from({ length: 40 }, (_, n) => `https://cdn${n}.example.com`),
    ],
    frameDomains: 'https://example.com',
  };
  const { hosts, ignored } = readDeclaration(csp);
  expect(hosts[0]).toEqual({ source: 'https://api.example.com', uses: ['connect', 'load'] });
  expect(hosts).toHaveLength(16);
  expect(ignored).toBe(1 + 25);
  for (const odd of [undefined, null, 'x', 7, [], [1], { connectDomains: { length: 3 } }]) {
    expect(readDeclaration(odd)).toEqual({ hosts: [], ignored: 0 });
  }
});

it('opens what is allowed and nothing besides', () => {
  const closed = policyOf([]);
  expect(closed).toContain("connect-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'none'");
  expect(closed).not.toMatch(/https?:|allow-same-origin|'self'(?!$)/);
  const open = policyOf([
    { source: 'https://api.example.com', uses: ['connect'] },
    { source: 'https://cdn.example.com', uses: ['load', 'base'] },
  ]);
  expect(open).toContain("connect-src https://api.example.com; frame-src 'none'; base-uri https://cdn.example.com;");
  expect(open).toContain("script-src 'unsafe-inline' blob: data: https://cdn.example.com;");
});
