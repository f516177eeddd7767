import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome, WireFault } from '@switchboard/agents/simulator';
import { isDomainError, messageOf, type Core } from '@switchboard/core';
import { checkCalls, forgetCalls, toJunit, tokenCalls, type AppEntry } from '@switchboard/core/apps';
import { HttpRefusal, readJson } from '@switchboard/mcp-runtime';
import { readBearer } from '../http/authenticate.ts';
import type { Bodies } from '../http/bodies.ts';
import { answerForm } from './accept.ts';
import { productPathOf, type ProductPath } from './paths.ts';
import { createWaiting } from './waiting.ts';
import { writeFaulty, writeProductAnswer, type WireAnswer } from './wire.ts';

export interface ProductDoorOptions {
  core: Core;
  bodies: Bodies;
}

/** One request to a product. */
export interface ProductExchange {
  request: IncomingMessage;
  response: ServerResponse;
  headers: Record<string, string>;
  address: string | null;
}

type Path = ProductPath;
type Granted = Extract<AppEntry, { ok: true }>;

/** Codes of the documented API for what keeps a caller from a product. */
const refusals = {
  token: { status: 401, code: -32_000 },
  app: { status: 404, code: -32_001 },
  grant: { status: 403, code: -32_000 },
} as const;
const mostBatch = 100;
/** Requests of one owner of tokens at once. */
const mostWaiting = 512;

/** The token has been asked for: what it called is its own to read. */
const hub = { type: 'system', job: 'simulator' } as const;

function tokenIn(request: IncomingMessage): string | null {
  const query = request.url?.split('?', 2)[1];
  const given = query === undefined ? null : new URLSearchParams(query).get('token');
  return given ?? readBearer(request.headers.authorization) ?? null;
}

function idOf(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return null;
  const id: unknown = Reflect.get(message, 'id');
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

function errorBody(id: unknown, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id });
}

function whyRefused(why: keyof typeof refusals, { category, name }: Path): string {
  switch (why) {
    case 'token':
      return 'Invalid or missing token';
    case 'app':
      return `Application not found: ${category}/${name}`;
    case 'grant':
      return `Access denied: the token may not call ${category}/${name}`;
  }
}

/** The hub's way in to simulated products: their MCP endpoints, and what their tokens called. */
export interface ProductDoor {
  /** The product that a request is for; null where the rest of the hub is to answer. */
  pathOf(request: IncomingMessage, pathname: string): ProductPath | null;
  answer(exchange: ProductExchange, path: ProductPath): Promise<void>;
}

export function createProductDoor({ core, bodies }: ProductDoorOptions): ProductDoor {
  const { simulator } = core.deps;
  const waiting = createWaiting(mostWaiting);

  function readBody({ request, address }: ProductExchange, entry: AppEntry): Promise<unknown> {
    const { limitBytes: strangersLimit, caller, meters } = bodies.bounds({ type: 'anonymous' }, address);
    if (!entry.ok) return readJson(request, { bodyLimit: strangersLimit, openBody: (cut) => meters.open(caller, cut) });
    const owner = entry.token.createdBy ?? 'system';
    return readJson(request, { bodyLimit: bodies.limitBytes, openBody: (cut) => bodies.meters.open(owner, cut) });
  }

  async function answerMcp(exchange: ProductExchange, path: Path, entry: AppEntry): Promise<void> {
    const { request, response, headers } = exchange;
    function send(body: string, status: number, form: WireAnswer['form'] = 'json') {
      writeProductAnswer(response, { form, body, headers }, status);
    }
    const form = answerForm(request.headers.accept);
    if (form === null) {
      request.resume();
      return send(errorBody(null, -32_000, 'Not Acceptable: accept application/json or text/event-stream'), 406);
    }
    let body: unknown;
    try {
      body = await readBody(exchange, entry);
    } catch (error) {
      if (!(error instanceof HttpRefusal)) throw error;
      Object.assign(headers, error.headers);
      return send(errorBody(null, error.error.code, error.message), error.status);
    }
    if (!entry.ok) {
      const { status, code } = refusals[entry.why];
      return send(errorBody(idOf(body), code, whyRefused(entry.why, path)), status);
    }
    const end = waiting.begin(entry.token.createdBy ?? 'system');
    if (end === null) {
      headers['retry-after'] = '1';
      return send(errorBody(idOf(body), -32_000, `Too Many Requests: ${mostWaiting} of yours are under way`), 429);
    }
    response.once('close', end);
    const outcomes = await answerAll(exchange, entry, body);
    if (outcomes === null)
      return send(errorBody(null, -32_600, `Invalid Request: a batch has 1 to ${mostBatch} messages`), 400);
    const replies = outcomes.flatMap(({ reply }) => reply ?? []);
    if (replies.length === 0) return void response.writeHead(202, headers).end();
    const text = JSON.stringify(Array.isArray(body) ? replies : replies[0]);
    const fault = outcomes.find(({ wire }) => wire !== null)?.wire ?? null;
    if (fault !== null)
      return await writeWithFault(exchange, { form, body: text, headers }, fault, Array.isArray(body));
    send(text, isMalformed(replies[0], body) ? 400 : 200, form);
  }

  /** Messages of a batch are answered one after the other: what one changes, the next finds. */
  async function answerAll(
    { request, response, address }: ProductExchange,
    entry: Granted,
    body: unknown,
  ): Promise<Outcome[] | null> {
    const gone = new AbortController();
    // Signalled to nobody in vain: an error with its stack for each answered call takes a tenth of the call.
    response.once('close', () => {
      if (!response.writableEnded) gone.abort();
    });
    const version = request.headers['mcp-protocol-version'];
    const asked = { address, version: typeof version === 'string' ? version : null, signal: gone.signal };
    if (!Array.isArray(body)) return [await simulator.answer(entry, body, asked)];
    if (body.length === 0 || body.length > mostBatch) return null;
    const outcomes: Outcome[] = [];
    for (const message of body as unknown[]) outcomes.push(await simulator.answer(entry, message, asked));
    return outcomes;
  }

  async function answerCalls(exchange: ProductExchange, entry: Granted): Promise<void> {
    const { request, response, headers } = exchange;
    const ctx = core.ctxFor(hub);
    if (request.method === 'DELETE') await forgetCalls(ctx, entry.token);
    const calls = await tokenCalls(ctx, entry);
    writeProductAnswer(response, { form: 'json', body: JSON.stringify({ calls, total: calls.length }), headers });
  }

  async function answerChecks(exchange: ProductExchange, entry: Granted): Promise<void> {
    const { request, response, headers } = exchange;
    try {
      const result = await checkCalls(core.ctxFor(hub), entry, await readBody(exchange, entry));
      if ((request.headers.accept ?? '').includes('xml')) {
        response.writeHead(200, { ...headers, 'content-type': 'application/xml; charset=utf-8' });
        return void response.end(toJunit(result));
      }
      writeProductAnswer(response, { form: 'json', body: JSON.stringify(result), headers });
    } catch (error) {
      const status =
        error instanceof HttpRefusal ? error.status : isDomainError(error) && error.code === 'invalid' ? 400 : null;
      if (status === null) throw error;
      writeProductAnswer(
        response,
        { form: 'json', body: JSON.stringify({ error: messageOf(error) }), headers },
        status,
      );
    }
  }

  async function answerWith(exchange: ProductExchange, path: Path, entry: AppEntry): Promise<void> {
    const { request, response, headers } = exchange;
    const methods = {
      mcp: ['GET', 'POST', 'OPTIONS'],
      calls: ['GET', 'DELETE', 'OPTIONS'],
      checks: ['POST', 'OPTIONS'],
    }[path.part];
    const { method = 'GET' } = request;
    if (method === 'OPTIONS') return void response.writeHead(204, { ...headers, allow: methods.join(', ') }).end();
    const listens = path.part === 'mcp' && method === 'GET' && answerForm(request.headers.accept) === 'event';
    if (!methods.includes(method) || listens) {
      request.resume();
      const allow = methods.filter((one) => !listens || one !== 'GET').join(', ');
      Object.assign(headers, { allow });
      return writeProductAnswer(
        response,
        { form: 'json', body: errorBody(null, -32_000, `Method Not Allowed: use ${allow}`), headers },
        405,
      );
    }
    if (path.part === 'mcp' && method === 'POST') return await answerMcp(exchange, path, entry);
    if (!entry.ok) {
      request.resume();
      const { status, code } = refusals[entry.why];
      return writeProductAnswer(
        response,
        { form: 'json', body: errorBody(null, code, whyRefused(entry.why, path)), headers },
        status,
      );
    }
    if (path.part === 'calls') return await answerCalls(exchange, entry);
    if (path.part === 'checks') return await answerChecks(exchange, entry);
    const { category, name, displayName, description, actions } = entry.app;
    const about = { category, name, display_name: displayName, description, actions };
    writeProductAnswer(response, { form: 'json', body: JSON.stringify(about), headers });
  }

  return {
    pathOf(request, pathname) {
      const path = productPathOf(pathname);
      if (!path || path.isCertain || request.method === 'POST' || request.method === 'OPTIONS') return path;
      // Without a token, no other method reveals that such a product exists.
      return simulator.enter(path.category, path.name, tokenIn(request)).ok ? path : null;
    },
    answer: (exchange, path) =>
      answerWith(exchange, path, simulator.enter(path.category, path.name, tokenIn(exchange.request))),
  };
}

/** The engine refuses what is no message; alone in its body it is a bad request. */
function isMalformed(reply: NonNullable<Outcome['reply']> | undefined, body: unknown): boolean {
  return !Array.isArray(body) && reply !== undefined && 'error' in reply && reply.error.code === -32_600;
}

async function writeWithFault(
  { response }: ProductExchange,
  answer: WireAnswer,
  fault: WireFault,
  isBatch: boolean,
): Promise<void> {
  // A list of replies has no one id that could be wrong.
  if (isBatch && fault.kind === 'wrong-id') return writeProductAnswer(response, answer);
  await writeFaulty(response, answer, fault);
}
