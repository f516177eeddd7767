import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readPlain } from '../containers/plain-file.ts';
import { invalid } from '../errors.ts';
import { isInside } from '../policy/policy.ts';
import { realPath } from './compose-files.ts';
import {
  apartName,
  below,
  composeFile,
  declaredName,
  envFileName,
  placeOf,
  projectNameOf,
  withName,
} from './compose-project.ts';
import type { Stack } from './compose.ts';
import { makeDraft } from './stack-draft.ts';
import type { StackText, DraftStack } from './stack-text.ts';

export interface Stacks {
  readonly root: string;
  /** The place of a content and a path, and the project that they name; writes nothing. */
  locate(content: string, path: string | null, env?: string | null): LocatedStack;
  /** The same place with a project of its own, for a path whose name another stack has. */
  apart(stack: Stack): Stack;
  /** The project that a content names itself; null where it names none. */
  nameIn(content: string, env: string | null): string | null;
  /** The text as `write` puts it on disk. */
  asWritten(stack: Stack, text: StackText): StackText;
  /** Puts the stack's files in place; each is replaced as a whole. */
  write(stack: Stack, text: StackText): Promise<Stack>;
  /**
   * The stack with this text in a folder beside its own, which shows the other files of the stack. The stack's own
   * folder is not touched.
   */
  draft(stack: Stack, text: StackText): Promise<DraftStack>;
  read(stack: Stack): Promise<StackText>;
  /** The environment file alone, which may be there before anything else; null where it is not. */
  readEnv(stack: Stack): Promise<string | null>;
  /** Removes the stack's two files; what it made beside them stays. */
  remove(stack: Stack): Promise<void>;
}

export interface LocatedStack extends Stack {
  /** The content, or its environment file, names the project itself. */
  isNamed: boolean;
}

/** Stacks as plain files below one folder, which `docker compose` can use by hand. */
export function createStacks(root: string): Stacks {
  function folderOf(stack: Stack): string {
    if (!isInside(realPath(stack.folder), realPath(root)) || realPath(stack.folder) === realPath(root)) {
      throw invalid('path', `${stack.folder} leads out of the stacks folder.`);
    }
    return stack.folder;
  }
  return {
    root,
    locate: (content, path, env = null) => {
      const given = path === null || path.trim() === '' ? null : path;
      const project = projectNameOf(content, given, env);
      const { folder, file } = given === null ? { folder: project, file: composeFile } : placeOf(given);
      const stack = { project, folder: below(root, folder), file, envFile: envFileName };
      folderOf(stack);
      return { ...stack, isNamed: declaredName(content, env) !== null };
    },
    apart: ({ project, folder, file, envFile }) => ({
      project: apartName(project, relative(root, folder)),
      folder,
      file,
      envFile,
    }),
    nameIn: declaredName,
    asWritten,
    write: async (stack, text) => {
      const { content, env } = asWritten(stack, text);
      await mkdir(root, { recursive: true, mode: 0o700 });
      await mkdir(folderOf(stack), { recursive: true });
      await replace(join(folderOf(stack), stack.file), content, 0o644);
      if (env === null) await rm(join(stack.folder, envFileName), { force: true });
      else await replace(join(stack.folder, envFileName), env, 0o600);
      return { ...stack, envFile: env === null ? null : envFileName };
    },
    draft: async (stack, text) => await makeDraft({ ...stack, folder: folderOf(stack) }, text),
    read: async (stack) => ({
      content: await readPlain(join(folderOf(stack), stack.file)),
      env: await readPlain(join(stack.folder, envFileName)).catch(() => null),
    }),
    readEnv: async (stack) => await readPlain(join(folderOf(stack), envFileName)).catch(() => null),
    remove: async (stack) => {
      await rm(join(folderOf(stack), stack.file), { force: true });
      await rm(join(stack.folder, envFileName), { force: true });
    },
  };
}

function asWritten({ folder, project }: Stack, { content, env }: StackText): StackText {
  return { content: withName(content, env, folder, project), env };
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, text, { mode, flag: 'wx' });
  await rename(fresh, path);
}
