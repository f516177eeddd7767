import type { Json } from './app.ts';
import { until } from './until.ts';

/** A client of /ws, with the WebSocket of the platform, as a page has it. */
export interface SocketClient extends Disposable {
  socket: WebSocket;
  /** Everything that came, oldest first. */
  frames: Json[];
  /** Set once the connection is closed. */
  closed: { code: number; reason: string } | null;
  send(frame: unknown): void;
  /** The first frame, among those that came and come, that has these fields. */
  frame(fields: Json): Promise<Json>;
  /** Waits until the hub closes the connection. */
  end(): Promise<{ code: number; reason: string }>;
}

function has(value: Json, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  return (
    typeof value === 'object' && value !== null && Object.entries(wanted).every(([key, each]) => has(value[key], each))
  );
}

/** Opens /ws of the hub at `url`; with a token it signs in first. */
export async function openSocket(url: string, token?: string): Promise<SocketClient> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`);
  const client: SocketClient = {
    socket,
    frames: [],
    closed: null,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    async frame(fields) {
      function find() {
        return client.frames.find((frame) => has(frame, fields));
      }
      await until(() => find() !== undefined, `A frame with ${JSON.stringify(fields)}`).catch((error: Error) => {
        throw new Error(`${error.message}. Came: ${JSON.stringify(client.frames).slice(0, 2000)}`);
      });
      return find();
    },
    async end() {
      await until(() => client.closed !== null, 'The end of the connection');
      return client.closed as { code: number; reason: string };
    },
    [Symbol.dispose]: () => socket.close(),
  };
  socket.addEventListener('message', ({ data }) => client.frames.push(JSON.parse(String(data))));
  socket.addEventListener('close', ({ code, reason }) => (client.closed = { code, reason }));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error('The WebSocket did not open.')), { once: true });
  });
  if (token !== undefined) {
    client.send({ type: 'auth', token });
    await client.frame({ type: 'auth', success: true });
  }
  return client;
}
