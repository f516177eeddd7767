import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { serveFile } from './static.ts';

const base = mkdtempSync(path.join(tmpdir(), 'switchboard-static-'));
afterAll(() => rmSync(base, { recursive: true }));
const root = path.join(base, 'dist');
mkdirSync(path.join(root, 'assets'), { recursive: true });
writeFileSync(path.join(root, 'index.html'), '<p>page</p>');
writeFileSync(path.join(root, 'assets/app-1.js'), 'run()');
writeFileSync(path.join(base, 'secret.txt'), 'secret');

test('serves a file with its type under a strict policy', async () => {
  const response = await serveFile(root, 'index.html');
  expect(response?.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response?.headers.get('cache-control')).toBe('no-cache');
  expect(response?.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self';/);
  expect(await response?.text()).toBe('<p>page</p>');
});

test('a hashed file may be kept', async () => {
  const response = await serveFile(root, 'assets/app-1.js', { immutable: true });
  expect(response?.headers.get('cache-control')).toMatch(/immutable/);
});

test.each([
  '../secret.txt',
  '..%2fsecret.txt',
  'assets/../../secret.txt',
  '/../secret.txt',
  'assets',
  'nothing.js',
  '',
])('gives nothing for %j', async (name) => {
  expect(await serveFile(root, name)).toBeNull();
});
