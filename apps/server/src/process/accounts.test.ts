import { chownSync, existsSync, mkdirSync, mkdtempSync, chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { createOwnAccounts, type OwnAccounts } from './accounts.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const uid = 61_200 + (process.pid % 3_000);
const other = uid + 1;

describe.skipIf(!isRoot)('the home of an account that is given back', () => {
  let base: string;
  let own: OwnAccounts;
  let lines: string[];
  function home(): string {
    return path.join(base, 'homes', String(uid));
  }

  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), 'accounts-'));
    chmodSync(base, 0o711);
    lines = [];
    own = createOwnAccounts({
      config: loadConfig({ DATA_DIR: base }),
      log: pino({}, { write: (line) => void lines.push(line) }),
      homes: path.join(base, 'homes'),
      claims: () => path.join(base, 'uids'),
    });
    expect(own.accounts.unavailable).toBeNull();
    own.open(uid);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function put(name: string, owner: number, mode: number): void {
    const directory = path.join(home(), name);
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'file'), 'x');
    for (const each of [path.join(directory, 'file'), directory]) chownSync(each, owner, owner);
    chmodSync(directory, mode);
  }

  test('is removed with its read-only folders, and no link in it is followed', async () => {
    const outside = path.join(base, 'outside');
    mkdirSync(outside, { mode: 0o777 });
    chownSync(outside, uid, uid);
    writeFileSync(path.join(outside, 'file'), 'x');
    put('modules', uid, 0o555);
    put('closed', uid, 0o000);
    symlinkSync(outside, path.join(home(), 'link'));
    await own.accounts.release(uid);
    expect(lines).toEqual([]);
    expect(existsSync(home())).toBe(false);
    expect(existsSync(path.join(outside, 'file'))).toBe(true);
  });

  test('is emptied with the rights of that account: what others own stays, is told, and is swept later', async () => {
    chmodSync(home(), 0o777);
    put('foreign', other, 0o755);
    put('mine', uid, 0o755);
    await own.accounts.release(uid);
    const foreign = path.join(home(), 'foreign');
    expect(existsSync(path.join(foreign, 'file'))).toBe(true);
    expect(existsSync(path.join(home(), 'mine'))).toBe(false);
    expect(lines.join('')).toMatch(/was not cleared/);
    expect(own.accounts.claim(uid)).toBe(false);

    chownSync(path.join(foreign, 'file'), uid, uid);
    chownSync(foreign, uid, uid);
    await own.sweep(new Set());
    expect(existsSync(home())).toBe(false);
    expect(own.accounts.claim(uid)).toBe(true);
  });
});
