import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { abandonedFolders, databaseRoom, setupVariable } from './testing-place.ts';

const prefix = 'switchboard-test-setup-';

interface Started {
  stop(): Promise<void>;
}

/**
 * Vitest's global setup: makes what the test files ask for when the first of them asks, so that a run whose tests need
 * no database starts none. One PostgreSQL serves all files.
 */
export async function setup(): Promise<() => Promise<void>> {
  for (const folder of abandonedFolders(prefix)) rmSync(folder, { recursive: true, force: true });
  const folder = mkdtempSync(join(databaseRoom, `${prefix}${process.pid}-`));
  const started: Promise<Started>[] = [];
  function once<Made extends Started>(make: () => Promise<Made>): () => Promise<Made> {
    let made: Promise<Made> | undefined;
    return () => {
      if (made === undefined) started.push((made = make()));
      return made;
    };
  }
  const makers: Record<string, () => Promise<Started>> = {
    postgres: once(async () => (await import('./testing.ts')).startTestPostgres()),
    cluster: once(async () => (await import('./testing-cluster.ts')).makeTestCluster(folder)),
  };

  const address = join(folder, 'ask');
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.once('data', (wanted: string) => {
      const make = makers[wanted] ?? (() => Promise.reject(new Error(`There is no "${wanted}" to make.`)));
      make().then(
        (made) => socket.end(JSON.stringify({ made })),
        (error: Error) => socket.end(JSON.stringify({ error: error.message })),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  server.unref();
  process.env[setupVariable] = address;

  return async () => {
    delete process.env[setupVariable];
    server.close();
    for (const { stop } of await Promise.all(started)) await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
