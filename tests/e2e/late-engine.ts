import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A socket that leads to the engine once it is opened, as if the engine itself came back. */
export function lateEngine() {
  const folder = mkdtempSync(path.join(tmpdir(), 'sb-late-'));
  const socket = path.join(folder, 'engine.sock');
  const server = createServer((inner) => {
    const outer = connect('/var/run/docker.sock');
    inner.pipe(outer).pipe(inner);
    function end() {
      void (inner.destroy(), outer.destroy());
    }
    for (const side of [inner, outer]) side.on('error', end).on('close', end);
  });
  return {
    host: `unix://${socket}`,
    come: () => new Promise<void>((resolve) => void server.listen(socket, resolve)),
    [Symbol.dispose]: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
