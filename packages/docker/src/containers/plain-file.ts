import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { invalid } from '../errors.ts';

const mostBytes = 4 * 1024 * 1024;

/**
 * The text of a file of a stack. Containers of a stack may change mounted files of its folder: a link or a pipe in the
 * place of a file is not followed, and no file larger than 4 MB is read. Rejects with DockerError `invalid`.
 */
export async function readPlain(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > mostBytes) throw invalid('path', `${path} is no file of a stack.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
