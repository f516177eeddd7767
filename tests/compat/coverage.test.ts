import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dialects, listRoutes } from '@switchboard/api/dialects';
import { isReserved } from '@switchboard/core';
import { requirements } from './verifies.ts';

/** Rows that some test file cites. */
function citedRows(): Set<number> {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'));
  const citations = sources.flatMap((source) => [...source.matchAll(/\bverifies\((\d+),/g)]);
  return new Set(citations.map((match) => Number(match[1])));
}

/** `{name}` and `:name` alike, without a final slash. */
function comparable(route: string): string {
  return route.replace(/\{\w+\}|:\w+/g, '{}').replace(/(.)\/$/, '$1');
}

test('all 113 documented rows are there, each once', () => {
  const rows = requirements.map(({ row }) => row).sort((left, right) => left - right);
  expect(rows).toEqual(Array.from({ length: 113 }, (_, index) => index + 1));
});

test('every row that is not deferred has a test', () => {
  const cited = citedRows();
  const missing = requirements.filter(({ row, deferred }) => !deferred && !cited.has(row));
  expect(missing).toEqual([]);
});

test('a deferred row says which capability brings it', () => {
  const silent = requirements.filter(({ deferred }) => deferred !== undefined && deferred.trim() === '');
  expect(silent).toEqual([]);
});

test('the routes served are the rows that are not deferred, and those marked as beyond them', () => {
  const documented = listRoutes(dialects).filter(({ route }) => !route.beyond);
  const served = documented.map(({ route }) => comparable(`${route.method} ${route.path}`));
  const wanted = requirements
    .filter(({ deferred, beside }) => !deferred && !beside)
    .map(({ route }) => comparable(route));
  expect(served.sort()).toEqual(wanted.sort());
});

test('no server can take a word that stands in a documented path', () => {
  const paths = requirements.map(({ route }) => route.split(' ')[1] ?? '');
  const first = paths.map((documented) => documented.split('/')[1] ?? '');
  const underMcp = paths
    .filter((documented) => documented.startsWith('/mcp/'))
    .map((documented) => documented.split('/')[2] ?? '');
  const words = [...new Set([...first, ...underMcp])].filter((word) => !word.startsWith('{'));
  expect(words.filter((word) => !isReserved(word))).toEqual([]);
});
