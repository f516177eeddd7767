import { chmod, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DockerError, invalid } from '../errors.ts';

const namePattern = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** A folder in memory that this process and the engine see under the same path. */
export interface SharedFolder {
  /** A folder for one server. */
  open(): Promise<ServerFolder>;
  /** Removes what a killed hub left. */
  sweep(): Promise<void>;
}

export interface ServerFolder {
  readonly path: string;
  /** Writes files, by relative path, that are to be read at a place in the container; gives the folder they are in. */
  write(place: string, files: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

/** `root` has to be in memory (`/dev/shm/…`): nobody but this user may enter it, containers see only what is mounted. */
export function createSharedFolder(root: string): SharedFolder {
  return {
    open: async () => {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await closeOff(root);
      const path = await mkdtemp(join(root, 'server-'));
      // The container's user is another one; the folder above keeps everybody else out.
      await chmod(path, 0o755);
      return {
        path,
        write: async (place, files) => {
          const folder = join(path, basename(place));
          await mkdir(folder);
          for (const [name, value] of Object.entries(files)) {
            const file = join(folder, name);
            if (!file.startsWith(`${folder}/`)) throw invalid('files', `"${name}" has to lie within its folder.`);
            await mkdir(dirname(file), { recursive: true });
            await writeFile(file, value, { mode: 0o444, flag: 'wx' });
          }
          return folder;
        },
        remove: () => rm(path, { recursive: true, force: true }),
      };
    },
    sweep: async () => {
      const left = await readdir(root).catch(() => []);
      await Promise.all(left.map((name) => rm(join(root, name), { recursive: true, force: true })));
    },
  };
}

const sticky = 0o1000;
const othersWrite = 0o022;

/** Every account may create folders in memory: an existing one has to belong to this user, and be closed to others. */
async function closeOff(root: string): Promise<void> {
  const [above, own] = [await lstat(dirname(root)), await lstat(root)];
  const me = process.getuid?.() ?? own.uid;
  const isSticky = (above.mode & sticky) !== 0;
  const isSafeAbove = isSticky ? above.uid === me || above.uid === 0 : above.uid === me && !(above.mode & othersWrite);
  if (!own.isDirectory() || own.uid !== me || !above.isDirectory() || !isSafeAbove) {
    throw new DockerError('forbidden', `${root} is not this hub's alone, so no secrets are written there: remove it.`);
  }
  await chmod(root, 0o700);
}

export function checkSecretNames(secrets: Readonly<Record<string, string>>): void {
  const odd = Object.keys(secrets).find((name) => !namePattern.test(name));
  if (odd !== undefined) throw invalid('secrets', `"${odd}" has to be a name like API_KEY.`);
}
