import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { pack } from 'tar-stream';

const run = promisify(execFile);

/** A root with this process's Node, the libraries it needs, and files in /app. */
export async function nodeRoot(files: Readonly<Record<string, string | Buffer>>): Promise<Readable> {
  const program = realpathSync(process.execPath);
  const { stdout } = await run('ldd', [program]);
  const libraries = [...stdout.matchAll(/(?:=> )?(\/[^ ]+) \(/g)].flatMap(([, path]) =>
    path === undefined ? [] : [path],
  );
  const root = pack();
  for (const name of ['bin', 'etc', 'tmp', 'app', ...folders(libraries)]) {
    root.entry({ name, type: 'directory', mode: name === 'tmp' ? 0o1777 : 0o755 });
  }
  root.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n');
  for (const path of libraries) root.entry({ name: path.slice(1), mode: 0o755 }, await readFile(path));
  root.entry({ name: 'bin/node', mode: 0o755 }, await readFile(program));
  for (const [name, content] of Object.entries(files)) root.entry({ name: `app/${name}` }, Buffer.from(content));
  root.finalize();
  return root as unknown as Readable;
}

function folders(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let at = dirname(path); at !== '/'; at = dirname(at)) found.add(at.slice(1));
  }
  return [...found].sort();
}
