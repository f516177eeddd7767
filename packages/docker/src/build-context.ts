import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import dockerignore, { type Ignore } from '@balena/dockerignore';
import { pack } from 'tar-fs';
import { extract } from 'tar-stream';
import { invalid } from './errors.ts';

// Its types describe a default export; at run time the module itself is the function.
const createFilter = dockerignore as unknown as (options: { ignorecase: boolean }) => Ignore;

/** A folder as a build context, without what its .dockerignore names. Symbolic links stay links. */
export async function packBuildContext(folder: string): Promise<Readable> {
  const found = await stat(folder).catch(() => null);
  if (found === null || !found.isDirectory()) throw invalid('context', `the folder ${folder} does not exist.`);
  const rules = await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => '');
  const filter = createFilter({ ignorecase: false }).add(rules);
  const hasExceptions = rules.split('\n').some((rule) => rule.trimStart().startsWith('!'));
  const entries = pack(folder, {
    ignore: (path) => {
      const name = relative(folder, path);
      if (name === '' || !filter.ignores(name)) return false;
      // A folder left out may hold what an exception lets in.
      return !(hasExceptions && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
    },
  });
  // Errors of either (a file that vanishes meanwhile) come out of the answer.
  return pipeline(entries, createGzip(), () => {});
}

/** Larger ones are read by nobody. */
const largestDockerfile = 1024 * 1024;

/**
 * The Dockerfile in a tar archive, packed by gzip or not. Null where it cannot be told which file a builder would take:
 * none or several of the name, a link, or an archive that is none.
 */
export async function findDockerfile(archive: Buffer, name = 'Dockerfile'): Promise<string | null> {
  const reader = extract();
  const isPacked = archive[0] === 0x1f && archive[1] === 0x8b;
  pipeline([Readable.from([archive]), ...(isPacked ? [createGunzip()] : []), reader], () => {});
  const wanted = posix.normalize(`/${name}`);
  const found: (string | null)[] = [];
  try {
    for await (const entry of reader) {
      const path = posix.normalize(`/${entry.header.name}`);
      const isOnTheWay = wanted.startsWith(`${path.replace(/\/$/, '')}/`) && entry.header.type !== 'directory';
      if (path.toLowerCase() !== wanted.toLowerCase() && !isOnTheWay) {
        entry.resume();
        continue;
      }
      const isPlain = entry.header.type === 'file' && (entry.header.size ?? 0) <= largestDockerfile && !isOnTheWay;
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (isPlain) chunks.push(chunk as Buffer);
      found.push(isPlain ? Buffer.concat(chunks).toString() : null);
    }
  } catch {
    return null;
  }
  const [only = null] = found;
  return found.length === 1 ? only : null;
}
