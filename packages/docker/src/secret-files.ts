import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from './errors.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Secrets as files in a folder of the engine's machine that lives in memory. */
export interface SecretFiles {
  /** Null where there are no secrets. */
  write(secrets: Readonly<Record<string, string>>): Promise<SecretFolder | null>;
  /** Removes what a killed hub left. */
  sweep(): Promise<void>;
}

export interface SecretFolder {
  path: string;
  remove(): Promise<void>;
}

/** `root` has to be in memory (`/dev/shm/…`): nobody but this user may enter it, containers see only what is mounted. */
export function createSecretFiles(root: string): SecretFiles {
  return {
    write: async (secrets) => {
      const names = Object.keys(secrets);
      if (names.length === 0) return null;
      const odd = names.find((name) => !NAME.test(name));
      if (odd !== undefined) throw invalid('secrets', `"${odd}" has to be a name like API_KEY.`);
      await mkdir(root, { recursive: true, mode: 0o700 });
      const path = await mkdtemp(join(root, 'server-'));
      for (const [name, value] of Object.entries(secrets)) await writeFile(join(path, name), value, { mode: 0o444 });
      // The container's user is another one; the folder above keeps everybody else out.
      await chmod(path, 0o755);
      return { path, remove: () => rm(path, { recursive: true, force: true }) };
    },
    sweep: async () => {
      const left = await readdir(root).catch(() => []);
      await Promise.all(left.map((name) => rm(join(root, name), { recursive: true, force: true })));
    },
  };
}
