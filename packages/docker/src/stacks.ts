import { constants } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from './compose.ts';
import { realPath } from './compose-files.ts';
import { below, COMPOSE_FILE, ENV_FILE, placeOf, projectNameOf } from './compose-project.ts';
import { invalid } from './errors.ts';
import { isInside } from './policy.ts';

export interface StackText {
  content: string;
  /** Lines `NAME=value`; null where there are none. */
  env: string | null;
}

export interface Stacks {
  readonly root: string;
  /** Which stack a content and a path mean; writes nothing. */
  locate(content: string, path: string | null): Stack;
  /** Puts the stack's files in place; each is replaced as a whole. */
  write(stack: Stack, text: StackText): Promise<Stack>;
  read(stack: Stack): Promise<StackText>;
  /** The environment file alone, which may be there before anything else; null where it is not. */
  readEnv(stack: Stack): Promise<string | null>;
  /** Removes the stack's two files; what it made beside them stays. */
  remove(stack: Stack): Promise<void>;
}

/** Stacks as plain files below one folder, which `docker compose` can use by hand. */
export function createStacks(root: string): Stacks {
  const folderOf = (stack: Stack): string => {
    if (!isInside(realPath(stack.folder), realPath(root)) || realPath(stack.folder) === realPath(root)) {
      throw invalid('path', `${stack.folder} leads out of the stacks folder.`);
    }
    return stack.folder;
  };
  return {
    root,
    locate: (content, path) => {
      const project = projectNameOf(content, path);
      const { folder, file } =
        path === null || path.trim() === '' ? { folder: project, file: COMPOSE_FILE } : placeOf(path);
      const stack = { project, folder: below(root, folder), file, envFile: ENV_FILE };
      folderOf(stack);
      return stack;
    },
    write: async (stack, { content, env }) => {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await mkdir(folderOf(stack), { recursive: true });
      await replace(join(folderOf(stack), stack.file), content, 0o644);
      if (env === null) await rm(join(stack.folder, ENV_FILE), { force: true });
      else await replace(join(stack.folder, ENV_FILE), env, 0o600);
      return { ...stack, envFile: env === null ? null : ENV_FILE };
    },
    read: async (stack) => ({
      content: await readPlain(join(folderOf(stack), stack.file)),
      env: await readPlain(join(stack.folder, ENV_FILE)).catch(() => null),
    }),
    readEnv: async (stack) => await readPlain(join(folderOf(stack), ENV_FILE)).catch(() => null),
    remove: async (stack) => {
      await rm(join(folderOf(stack), stack.file), { force: true });
      await rm(join(stack.folder, ENV_FILE), { force: true });
    },
  };
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, text, { mode, flag: 'wx' });
  await rename(fresh, path);
}

const mostBytes = 4 * 1024 * 1024;

// What a stack mounts of its folder it may change: a link or a pipe in the place of a file must not be followed.
async function readPlain(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > mostBytes) throw invalid('path', `${path} is no file of a stack.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
