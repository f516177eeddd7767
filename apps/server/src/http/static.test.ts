import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { codingOf } from './compressed.ts';
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

test.each([
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['*', 'br'],
  ['GZIP', 'gzip'],
  ['identity', null],
  ['gzip;q=0', null],
  ['', null],
  [undefined, null],
])('a client that accepts %j gets %s', (header, coding) => {
  expect(codingOf(header)).toBe(coding);
});

test('compresses what is large enough, each version of a file anew', async () => {
  const file = path.join(root, 'assets/large.js');
  function get(acceptEncoding?: string) {
    return serveFile(root, 'assets/large.js', { acceptEncoding });
  }
  for (const text of ['one '.repeat(2000), 'another '.repeat(2000)]) {
    writeFileSync(file, text);
    const brotli = await get('gzip, br');
    expect(brotli?.headers.get('content-encoding')).toBe('br');
    expect(brotli?.headers.get('vary')).toBe('accept-encoding');
    const body = Buffer.from((await brotli?.arrayBuffer()) ?? new ArrayBuffer(0));
    expect(brotli?.headers.get('content-length')).toBe(String(body.length));
    expect(brotliDecompressSync(body).toString()).toBe(text);
    expect(gunzipSync((await (await get('gzip'))?.arrayBuffer()) ?? new ArrayBuffer(0)).toString()).toBe(text);
    const plain = await get();
    expect(plain?.headers.get('content-encoding')).toBeNull();
    expect(plain?.headers.get('vary')).toBe('accept-encoding');
    expect(await plain?.text()).toBe(text);
  }
  expect((await serveFile(root, 'index.html', { acceptEncoding: 'br' }))?.headers.get('content-encoding')).toBeNull();
});
