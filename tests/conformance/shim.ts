import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { listen, type Listening } from '../support/mcp/node-web.ts';

export interface ShimOptions {
  /** MCP URL under test. */
  target: string;
  /** Value of the Authorization header to add. */
  authorization?: string;
  /** `slug__` put before tool and prompt names on the way in and taken off on the way out. */
  prefix?: string;
}

export interface Shim extends Listening {
  url: string;
}

type Json = Record<string, unknown>;

const named = new Set(['tools/call', 'prompts/get']);

function prefixNames(message: Json, prefix: string): Json {
  const params = message['params'] as Json | undefined;
  if (params === undefined || params === null) return message;
  if (named.has(String(message['method'])) && typeof params['name'] === 'string') {
    return { ...message, params: { ...params, name: prefix + params['name'] } };
  }
  const ref = params['ref'] as Json | undefined;
  if (message['method'] === 'completion/complete' && ref?.['type'] === 'ref/prompt') {
    return { ...message, params: { ...params, ref: { ...ref, name: prefix + String(ref['name']) } } };
  }
  return message;
}

/** The runner says what it wants wrong in a body by hand, so a body that is no object passes as it came. */
function rewriteBody(body: string, prefix: string): { body: string; method: string | null } {
  try {
    const message = JSON.parse(body) as Json;
    const method = typeof message['method'] === 'string' ? message['method'] : null;
    return { body: prefix === '' ? body : JSON.stringify(prefixNames(message, prefix)), method };
  } catch {
    return { body, method: null };
  }
}

const loopback = /^(https?:\/\/)?(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

function rewriteHeaders(headers: IncomingHttpHeaders, target: URL, options: ShimOptions, method: string | null) {
  const { connection: _connection, 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = headers;
  const out: IncomingHttpHeaders = rest;
  if (options.authorization !== undefined) out.authorization = options.authorization;
  // A foreign Host or Origin stays foreign; the runner's own becomes the target's.
  if (loopback.test(out.host ?? '')) out.host = target.host;
  if (loopback.test(out.origin ?? '')) out.origin = target.origin;
  const name = out['mcp-name'];
  if (typeof name === 'string' && options.prefix !== undefined && named.has(method ?? '')) {
    out['mcp-name'] = options.prefix + name.trim();
  }
  return out;
}

/** Takes the prefix off names as the answer passes, a whole line at a time. */
function createStripper(prefix: string): { push(chunk: string): string; rest(): string } {
  let held = '';
  function strip(text: string): string {
    return prefix === ''
      ? text
      : text.replaceAll(`"name":"${prefix}`, '"name":"').replaceAll(`"name": "${prefix}`, '"name": "');
  }
  return {
    push: (chunk) => {
      held += chunk;
      const end = held.lastIndexOf('\n') + 1;
      const lines = held.slice(0, end);
      held = held.slice(end);
      return strip(lines);
    },
    rest: () => strip(held),
  };
}

/** Stands between the suite's runner, which cannot send credentials and expects bare names, and the hub. */
export async function startShim(options: ShimOptions): Promise<Shim> {
  const target = new URL(options.target);
  const prefix = options.prefix ?? '';
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });

  function forward(request: IncomingMessage, response: ServerResponse, raw: string | null): void {
    const { body, method } = raw === null ? { body: null, method: null } : rewriteBody(raw, prefix);
    const headers = rewriteHeaders(request.headers, target, options, method);
    if (body !== null) headers['content-length'] = String(Buffer.byteLength(body));
    const onward = httpRequest(
      target,
      { method: request.method ?? 'GET', headers, agent, setHost: false },
      (answer) => {
        const { connection: _connection, 'keep-alive': _alive, 'content-length': _length, ...kept } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, kept);
        response.flushHeaders();
        const stripper = createStripper(prefix);
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => response.write(stripper.push(chunk)));
        answer.on('end', () => response.end(stripper.rest()));
        answer.on('error', () => response.destroy());
      },
    );
    onward.on('error', (error) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
    response.on('close', () => onward.destroy());
    onward.end(body ?? undefined);
  }

  const listening = await listen((request, response) => {
    if (request.method !== 'POST') {
      forward(request, response, null);
      return;
    }
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => forward(request, response, body));
  });
  async function close(): Promise<void> {
    agent.destroy();
    await listening.close();
  }
  return { ...listening, url: `${listening.origin}${target.pathname}`, close, [Symbol.asyncDispose]: close };
}
