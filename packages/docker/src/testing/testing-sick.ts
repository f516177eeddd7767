import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The answer that a request gets instead of the real engine's; undefined lets it through. */
export type EngineFault = (request: IncomingMessage, response: ServerResponse) => true | undefined;

export interface SickEngine extends Disposable {
  host: string;
  /** Changes what requests meet from now on. */
  ails(ailment: EngineFault): void;
}

/** The machine's engine behind a socket of its own, which answers some requests as a sick engine would. */
export async function openSickEngine(socketPath = '/var/run/docker.sock'): Promise<SickEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'sb-sick-'));
  const socket = join(folder, 'engine.sock');
  const open = new Set<Socket>();
  let ailment: EngineFault = () => undefined;
  const server = createServer((asked, answer) => {
    if (ailment(asked, answer) === true) return;
    const { method, url: path, headers } = asked;
    const onward = request({ socketPath, method, path, headers }, (said) => {
      answer.writeHead(said.statusCode ?? 502, said.headers);
      answer.flushHeaders();
      said.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  server.on('connection', (one: Socket) => {
    open.add(one);
    one.on('close', () => open.delete(one));
  });
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    ails: (next) => {
      ailment = next;
    },
    [Symbol.dispose]: () => {
      server.close();
      for (const one of open) one.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return true;
}
