import { expect, test } from 'vitest';
import { AuditSearch, exportUrl, toFilter } from './search.ts';

const now = Date.parse('2026-11-30T12:00:00.000Z');

test('asks for nothing where the address says nothing', () => {
  expect(
    Object.keys(toFilter(AuditSearch.parse({}), now)).filter((key) => !['from', 'to', 'since', 'until'].includes(key)),
  ).toEqual([]);
});

test.each([
  [{ q: 'docs' }, { search: 'docs' }],
  [{ q: 42 }, { search: '42' }],
  [{ action: 'server.create' }, { action: ['server.create'] }],
  [
    { user: 'ada', target: 'docs', key: 'k', address: '10.0.0.1' },
    { user: 'ada', target: 'docs', key: 'k', address: '10.0.0.1' },
  ],
  [{ request: 'r-1' }, { requestId: 'r-1' }],
])('takes %j for %j', (address, filter) => {
  expect(toFilter(AuditSearch.parse(address), now)).toMatchObject(filter);
});

test.each([{ outcome: 'perhaps' }, { kind: 'nonsense' }, { q: ['a'] }, { user: { $ne: null } }])(
  'leaves out what makes no sense: %j',
  (address) => {
    const [name = ''] = Object.keys(address);
    expect(AuditSearch.parse(address)[name as keyof AuditSearch]).toBeUndefined();
  },
);

test('gives the same rows as a file, lists with commas', () => {
  const url = new URL(exportUrl(AuditSearch.parse({ q: 'a&b', action: 'server.create' }), now, 'csv'), 'http://hub');
  expect(url.pathname).toBe('/api/audit/logs');
  expect(url.searchParams.get('format')).toBe('csv');
  expect(url.searchParams.get('search')).toBe('a&b');
  expect(url.searchParams.get('action')).toBe('server.create');
});
