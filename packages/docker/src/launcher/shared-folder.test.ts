import { chmod, chown, lstat, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSharedFolder } from './shared-folder.ts';

let memory = '';
beforeEach(async () => {
  memory = await mkdtemp(join(tmpdir(), 'switchboard-shared-'));
});
afterEach(() => rm(memory, { recursive: true, force: true }));

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}
const refused = { code: 'forbidden', message: expect.stringContaining("is not this hub's alone") as string };

test('secrets lie below a folder that nobody else may enter, also where it was open before', async () => {
  for (const before of [null, 0o777]) {
    const root = join(memory, `root-${before}`);
    if (before !== null) {
      await mkdir(root);
      await chmod(root, before);
    }
    const folder = await createSharedFolder(root).open();
    const secrets = await folder.write('/run/secrets', { API_KEY: 'planted' });
    expect(await modeOf(root)).toBe(0o700);
    // The container's user is another one, and sees only what is mounted.
    expect(await modeOf(folder.path)).toBe(0o755);
    expect(await modeOf(join(secrets, 'API_KEY'))).toBe(0o444);
  }
});

test('no secrets go through a link that somebody put there', async () => {
  const elsewhere = join(memory, 'elsewhere');
  await mkdir(elsewhere);
  await symlink(elsewhere, join(memory, 'root'));
  await expect(createSharedFolder(join(memory, 'root')).open()).rejects.toMatchObject(refused);
  expect(await readdir(elsewhere)).toEqual([]);
  expect((await lstat(join(memory, 'root'))).isSymbolicLink()).toBe(true);
});

test('no secrets go below a folder that everybody may change', async () => {
  const above = join(memory, 'above');
  await mkdir(above);
  await chmod(above, 0o777);
  await expect(createSharedFolder(join(above, 'root')).open()).rejects.toMatchObject(refused);
  await chmod(above, 0o1777);
  await createSharedFolder(join(above, 'root')).open();
});

test.skipIf(process.getuid?.() !== 0)('no secrets go into a folder of somebody else (needs root)', async () => {
  const root = join(memory, 'root');
  await mkdir(root);
  await chown(root, 12_345, 12_345);
  await expect(createSharedFolder(root).open()).rejects.toMatchObject(refused);
  await chown(root, 0, 0);
  await chown(memory, 12_345, 12_345);
  await expect(createSharedFolder(root).open()).rejects.toMatchObject(refused);
});
