import { mkdir, mkdtemp, readdir, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { envFileName } from './compose-project.ts';
import type { Stack } from './compose.ts';
import type { DraftStack, StackText } from './stack-text.ts';

/** No stack's folder begins with a dot. */
const prefix = '.switchboard-draft-';
/** A hub that was killed leaves its draft; no check takes this long. */
const staleMs = 60 * 60_000;

/**
 * A folder beside the stack's own with this text in it, and links to the other files of the stack, so that relative
 * paths mean the same. Disposing removes it, and the folders above that were made for it.
 */
export async function makeDraft(stack: Stack, { content, env }: StackText): Promise<DraftStack> {
  const parent = dirname(stack.folder);
  const made = await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeStale(parent);
  const folder = await mkdtemp(join(parent, prefix));
  async function remove() {
    await rm(folder, { recursive: true, force: true });
    if (made !== undefined) await removeEmpty(parent, made);
  }
  try {
    const others = await readdir(stack.folder).catch(() => []);
    for (const name of others.filter((one) => one !== stack.file && one !== envFileName)) {
      await symlink(join(stack.folder, name), join(folder, name));
    }
    await writeFile(join(folder, stack.file), content, { mode: 0o600, flag: 'wx' });
    if (env !== null) await writeFile(join(folder, envFileName), env, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    await remove();
    throw error;
  }
  const envFile = env === null ? null : envFileName;
  return { stack: { ...stack, folder, envFile, draftOf: stack.folder }, [Symbol.asyncDispose]: remove };
}

/** Removes folders from this one up to the topmost that was made, as long as they are empty. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  for (let at = folder; at.length >= topmost.length; at = dirname(at)) {
    const isGone = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

async function removeStale(parent: string): Promise<void> {
  for (const name of (await readdir(parent)).filter((one) => one.startsWith(prefix))) {
    const path = join(parent, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > staleMs) await rm(path, { recursive: true, force: true });
  }
}
