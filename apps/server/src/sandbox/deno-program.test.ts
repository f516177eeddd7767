import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findDenoWith } from './deno-program.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'deno-program-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function place(name: string, script: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'deno'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}
/** Where nothing suits, it would be fetched, with a program `npm` that says so. */
function find(...folders: string[]): Promise<string | null> {
  const npm = path.join(root, 'npm');
  mkdirSync(npm);
  writeFileSync(path.join(npm, 'npm'), '#!/bin/sh\necho FETCHED >&2\nexit 1\n', { mode: 0o755 });
  const env = { PATH: [npm, ...folders].join(':') };
  return findDenoWith({ program: null, folder: path.join(root, 'kept'), env })({ fetching: () => undefined });
}

test.each(['deno 2.9.0 (stable, release, x86_64)', 'deno 2.10.1', 'deno 3.0.0'])(
  'takes the one on the path: %s',
  async (said) => {
    const old = place('old', 'echo deno 2.8.9');
    const folder = place('new', `echo '${said}'`);
    expect(await find(old, folder)).toBe(path.join(folder, 'deno'));
  },
);

test.each([
  ['an older one', 'echo deno 2.8.9'],
  ['one of before', 'echo deno 1.46.3'],
  ['another program', 'echo hello'],
  ['one that fails', 'echo deno 2.9.6; exit 1'],
  ['one that says too much', 'exec /usr/bin/yes deno 2.9.6'],
])('takes none that is %s', async (_title, script) => {
  const found = await find(place('odd', script)).catch((error: unknown) => String(error));
  expect(found === null || found.includes('FETCHED'), String(found)).toBe(true);
});
