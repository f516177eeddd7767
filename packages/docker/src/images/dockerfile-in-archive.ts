import { posix } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/** Larger ones are read by nobody. */
const largestDockerfile = 1024 * 1024;

/**
 * The Dockerfile in a tar archive, packed by gzip or not. Null where it is unclear which file a builder would take:
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
