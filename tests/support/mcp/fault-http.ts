import type { IncomingMessage, ServerResponse } from 'node:http';
import { hugeBytes, type Incoming, politeAnswer, result, textResult } from './fault-script.ts';
import { listen, type Listening } from './node-web.ts';

/** More ways to go wrong that only HTTP has. */
export const httpFaults = ['drop', 'half', 'html', 'status_500', 'redirect', 'empty', 'forget_session', 'slow_loris'];

/** Breaks its stream twice and goes on where a GET with `Last-Event-ID` takes it up; a wrong id repeats events. */
const resumed = 'resume';

export type HttpStartFault = 'none' | 'hang-start' | 'hang-list' | 'refuse' | 'not-mcp';

export interface FaultHttp extends Listening {
  url: string;
  /** Requests being answered now. */
  open(): number;
}

const jsonType = { 'content-type': 'application/json' };
const sseType = { 'content-type': 'text/event-stream' };

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function pour(response: ServerResponse, chunk: string): void {
  while (!response.destroyed && response.write(chunk));
  if (!response.destroyed) response.once('drain', () => pour(response, chunk));
}

type Misbehaviour = (response: ServerResponse, id: string | number) => void;

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, jsonType);
  response.end(JSON.stringify(body));
}

const misbehaviours: Record<string, Misbehaviour> = {
  hang: () => {},
  crash: (response) => void response.socket?.destroy(),
  drop: (response) => {
    response.writeHead(200, sseType);
    response.write('event: message\ndata: {"jsonrpc":"2.0",');
    setTimeout(() => response.socket?.destroy(), 20);
  },
  half: (response, id) => {
    response.writeHead(200, { ...jsonType, 'content-length': '100000' });
    response.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{`);
    setTimeout(() => response.socket?.destroy(), 20);
  },
  wrong_id: (response) => json(response, result('an id nobody asked with', textResult('lost'))),
  huge: (response, id) => json(response, result(id, textResult('z'.repeat(hugeBytes)))),
  endless: (response) => {
    response.writeHead(200, sseType);
    pour(response, `data: ${'y'.repeat(1 << 16)}`);
  },
  slow_loris: (response) => {
    response.writeHead(200, sseType);
    const timer = setInterval(() => response.write(': still here\n\n'), 50);
    response.on('close', () => clearInterval(timer));
  },
  garbage: (response) => {
    response.writeHead(200, sseType);
    response.end('data: not json\n\ndata: {"jsonrpc":"2.0"}\n\ndata: []\n\nid: \u0000\n\n');
  },
  duplicate: (response, id) => {
    response.writeHead(200, sseType);
    const event = `data: ${JSON.stringify(result(id, textResult('first')))}\n\n`;
    response.end(event + event);
  },
  not_json_rpc: (response) => json(response, { answer: 'this is no JSON-RPC' }),
  html: (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<h1>It works!</h1>');
  },
  status_500: (response) => {
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.end('the database is on fire');
  },
  redirect: (response) => {
    response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' });
    response.end();
  },
  empty: (response) => void response.writeHead(200, jsonType).end(),
  forget_session: (response) => {
    response.writeHead(404, jsonType);
    response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } }));
  },
};

interface Resumable {
  id: string | number;
  token: unknown;
}

/** Events 1 to 4 of a resumable call: three times progress, then the result. Breaks off after the second and third. */
function playFrom(response: ServerResponse, call: Resumable, last: number): void {
  response.writeHead(200, sseType);
  response.write('retry: 50\n\n');
  const upTo = last < 2 ? 2 : last + 1;
  for (let event = last + 1; event <= upTo; event += 1) {
    const params = { progressToken: call.token, progress: event, total: 3 };
    const message =
      event < 4
        ? { jsonrpc: '2.0', method: 'notifications/progress', params }
        : result(call.id, textResult('resumed to the end'));
    response.write(`id: ${event}\ndata: ${JSON.stringify(message)}\n\n`);
  }
  if (upTo >= 4) response.end();
  else setTimeout(() => response.socket?.destroy(), 20);
}

/** A streamable HTTP server that misbehaves, on a free loopback port. */
export async function startFaultHttp(fault: HttpStartFault = 'none'): Promise<FaultHttp> {
  let open = 0;
  let resumable: Resumable | null = null;
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (fault === 'refuse') return void response.writeHead(403).end('no');
    if (fault === 'not-mcp') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>');
    const last = request.headers['last-event-id'];
    if (request.method === 'GET' && last !== undefined && resumable !== null) {
      return playFrom(response, resumable, Number(last));
    }
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    const message = JSON.parse(await readBody(request)) as Incoming;
    if (fault === 'hang-start') return;
    if (fault === 'hang-list' && message.method === 'tools/list') return;
    const name = message.method === 'tools/call' ? String(message.params?.['name']) : '';
    if (name === resumed && message.id !== undefined) {
      const meta = message.params?.['_meta'] as { progressToken?: unknown } | undefined;
      resumable = { id: message.id, token: meta?.progressToken };
      return playFrom(response, resumable, 0);
    }
    const misbehave = misbehaviours[name];
    if (misbehave !== undefined && message.id !== undefined) return misbehave(response, message.id);
    const answer = politeAnswer(message, [...httpFaults, resumed]);
    if (answer === null) response.writeHead(202).end();
    else json(response, answer);
  }
  const listening = await listen((request, response) => {
    open += 1;
    response.on('close', () => (open -= 1));
    serve(request, response).catch(() => response.destroy());
  });
  return { ...listening, url: `${listening.origin}/mcp`, open: () => open };
}
