import type { HubProcess } from '../support/hub-process.ts';

/** Has the hub run with an inspector on a port of its own choice. */
export const withInspector = { NODE_OPTIONS: '--inspect=127.0.0.1:0' } as const;

/** Looks into a running hub: exact heap and event loop, which no figure from outside tells apart from the machine's load. */
export interface Inspector extends Disposable {
  /** Bytes of the heap that are in use after a full collection. */
  heapUsed(): Promise<number>;
  /** Begins to watch the event loop anew. */
  watchLoop(): Promise<void>;
  /** Milliseconds of the longest block since then. */
  longestBlock(): Promise<number>;
}

interface Reply {
  id: number;
  result?: { result?: { value?: unknown } };
  error?: { message: string };
}

function addressOf(hub: HubProcess): string {
  const [, address] = /Debugger listening on (ws:\S+)/.exec(hub.output()) ?? [];
  if (address === undefined) throw new Error('The hub runs without an inspector');
  return address;
}

const loop = 'globalThis.benchLoop';
const histogram = `process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 1 })`;

export async function inspect(hub: HubProcess): Promise<Inspector> {
  const socket = new WebSocket(addressOf(hub));
  const waiting = new Map<number, (reply: Reply) => void>();
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  let last = 0;
  async function send(method: string, params: object = {}): Promise<Reply> {
    const id = ++last;
    const answered = new Promise<Reply>((resolve) => void waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const reply = await answered;
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply;
  }
  async function evaluate(expression: string): Promise<unknown> {
    return (await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })).result?.result
      ?.value;
  }
  return {
    async heapUsed() {
      await send('HeapProfiler.collectGarbage');
      await send('HeapProfiler.collectGarbage');
      return Number(await evaluate('process.memoryUsage().heapUsed'));
    },
    async watchLoop() {
      await evaluate(`${loop}?.disable(); ${loop} = ${histogram}; ${loop}.enable(); 0`);
    },
    // From a timer: the inspector interrupts a block, which has not been counted then.
    longestBlock: async () =>
      Number(await evaluate(`new Promise((done) => setTimeout(() => done(${loop}.max), 500))`)) / 1e6,
    [Symbol.dispose]: () => socket.close(),
  };
}
