import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from './data-dir.ts';

const base = mkdtempSync(path.join(tmpdir(), 'switchboard-folder-'));
afterAll(() => rmSync(base, { recursive: true }));

describe('the folder of a setting', () => {
  it('is made with those above it, and left as it is where it is there', () => {
    const folder = path.join(base, 'a/b/c');
    makeFolder('DATA_DIR', folder, 0o711);
    makeFolder('DATA_DIR', folder, 0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o711);
  });

  const file = path.join(base, 'file');
  writeFileSync(file, '');
  it.each([
    ['is a file', file],
    ['lies below a file', path.join(file, 'data')],
    ['lies where nothing can be made', '/proc/switchboard/data'],
  ])('is refused in one line that names the setting where it %s', (_, folder) => {
    expect(() => makeFolder('DATA_DIR', folder, 0o711)).toThrow(/^DATA_DIR: \S+ cannot be made: .+$/);
  });
});
