import { type ChildProcess, spawn } from 'node:child_process';
import type { Pool } from 'undici';
import type { Json } from './tools.ts';

/** One MCP session as cheaply as it can be driven, so that the measured program is what is measured. */
export interface Connection {
  request(method: string, params: Json): Promise<Json>;
  close(): Promise<void>;
}

export interface HttpConnection extends Connection {
  /** The event stream of what belongs to no request, as text; it keeps a connection of the pool. */
  listen(): Promise<AsyncIterable<string>>;
}

interface Reply {
  id?: unknown;
  result?: Json;
  error?: { code: number; message: string };
}

function resultOf(reply: Reply | undefined, method: string): Json {
  if (reply?.error !== undefined) throw new Error(`${method}: ${reply.error.code} ${reply.error.message}`);
  if (reply?.result === undefined) throw new Error(`${method}: no result`);
  return reply.result;
}

const hello = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
};

function readReply(contentType: string, body: string, id: number): Reply | undefined {
  if (!contentType.includes('text/event-stream')) return JSON.parse(body) as Reply;
  for (const line of body.split('\n')) {
    if (!line.startsWith('data:') || line.trim() === 'data:') continue;
    const message = JSON.parse(line.slice(5)) as Reply;
    if (message.id === id) return message;
  }
  return undefined;
}

let nextId = 1;

/** Opens a streamable HTTP session over a shared pool. */
export async function openHttp(pool: Pool, path: string, headers: Record<string, string>): Promise<HttpConnection> {
  const common: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  };
  async function send(message: Json) {
    const answer = await pool.request({ path, method: 'POST', headers: common, body: JSON.stringify(message) });
    const body = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`HTTP ${answer.statusCode}: ${body.slice(0, 200)}`);
    return { headers: answer.headers, body };
  }
  async function exchange(method: string, params: Json) {
    const id = nextId++;
    const { headers: answered, body } = await send({ jsonrpc: '2.0', id, method, params });
    return { answered, result: resultOf(readReply(String(answered['content-type']), body, id), method) };
  }
  const { answered, result } = await exchange('initialize', hello);
  const session = answered['mcp-session-id'];
  if (typeof session === 'string') common['mcp-session-id'] = session;
  common['mcp-protocol-version'] = String(result['protocolVersion']);
  await send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    request: async (method, params) => (await exchange(method, params)).result,
    listen: async () => {
      const { 'content-type': _type, ...rest } = common;
      const answer = await pool.request({
        path,
        method: 'GET',
        headers: { ...rest, accept: 'text/event-stream' },
        bodyTimeout: 0,
      });
      if (answer.statusCode >= 300) throw new Error(`HTTP ${answer.statusCode} for the event stream`);
      return answer.body.setEncoding('utf8') as AsyncIterable<string>;
    },
    close: async () => {
      const { 'content-type': _type, ...rest } = common;
      const answer = await pool.request({ path, method: 'DELETE', headers: rest });
      await answer.body.dump();
    },
  };
}

/** Drives a child over its own pipes: what a stdio server costs without anything in between. */
export async function openPipes(command: string, args: string[]): Promise<Connection> {
  const child: ChildProcess = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (reply: Reply) => void>();
  let held = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (held + chunk).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') continue;
      const reply = JSON.parse(line) as Reply & { id: number };
      waiting.get(reply.id)?.(reply);
      waiting.delete(reply.id);
    }
  });
  function write(message: Json): void {
    void child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
  async function request(method: string, params: Json): Promise<Json> {
    const id = nextId++;
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(id, resolve);
      write({ jsonrpc: '2.0', id, method, params });
    });
    return resultOf(reply, method);
  }
  await request('initialize', hello);
  write({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    request,
    close: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.stdin?.end();
      await gone;
    },
  };
}
