import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import dockerignore, { type Ignore } from '@balena/dockerignore';
import { pack } from 'tar-fs';
import { invalid } from '../errors.ts';

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
