import { familyOf, isReservedMcpPath, type Problem, unauthenticated } from '@switchboard/api/dialects';
import { credentialOf, type Log } from '@switchboard/core';
import type { Runtime } from '@switchboard/mcp-runtime/types';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Config } from './config.ts';
import { writeAnswer } from './http/answer.ts';
import { corsHeaders, preflightHeaders } from './http/cors.ts';
import { createGuard } from './http/guard.ts';
import type { Caller, ReadHeader } from './http/authenticate.ts';
import { readAddress } from './http/request-context.ts';

export interface ListenerOptions {
  config: Config;
  log: Log;
  runtime: Pick<Runtime, 'handleHttp'>;
  /** Finds out who calls. */
  identify(header: ReadHeader): Promise<Caller>;
  /** Answers everything that is not MCP. */
  web(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export const requestIdHeader = 'x-request-id';

/** For what a browser may show or embed; no MCP answer is such a thing. */
const documentHeaders: readonly (readonly [string, string])[] = [
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
];

interface McpTarget {
  endpoint: string;
  route: 'streamable' | 'sse' | 'messages';
}

const mcpPath = /^\/(mcp|sse|messages)(?:\/([^/]+))?\/?$/;

/** The MCP endpoint a path names; null where it is no MCP path. */
export function findMcpTarget(pathname: string): McpTarget | null {
  const match = mcpPath.exec(pathname);
  if (!match) return null;
  const route = match[1] === 'mcp' ? 'streamable' : match[1] === 'sse' ? 'sse' : 'messages';
  if (match[2] === undefined) return { endpoint: 'all', route };
  try {
    return { endpoint: decodeURIComponent(match[2]), route };
  } catch {
    return null;
  }
}

function pathnameOf(request: IncomingMessage): string | null {
  const target = request.url ?? '';
  if (target.startsWith('/')) return target.split('?', 1)[0] ?? target;
  return URL.canParse(target) ? new URL(target).pathname : null;
}

const headerOf = (request: IncomingMessage) => (name: string) => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** A word of another API under /mcp/ is only for MCP clients to trip over when they really speak MCP. */
const speaksMcp = (request: IncomingMessage): boolean =>
  request.headers['mcp-session-id'] !== undefined ||
  request.headers['mcp-protocol-version'] !== undefined ||
  (request.headers.accept ?? '').includes('text/event-stream');

/** The hub's one port: checks every request, hands MCP to the runtime and the rest to the web application. */
export function createListener(options: ListenerOptions): Server {
  const { config, log, runtime } = options;
  const guard = createGuard(config);
  const addressOf = (request: IncomingMessage) =>
    readAddress(headerOf(request)('x-forwarded-for'), request.socket.remoteAddress ?? null, config.trustProxy);

  async function answerMcp(request: IncomingMessage, response: ServerResponse, target: McpTarget, requestId: string) {
    const { actor, refusal } = await options.identify(headerOf(request));
    if (actor.type === 'anonymous') {
      request.resume();
      writeAnswer(response, familyOf('/mcp')(unauthenticated(refusal ?? undefined)));
      return;
    }
    runtime.handleHttp(request, response, {
      credential: { ...credentialOf(actor), address: addressOf(request) },
      ...target,
      messagesPath: '/messages',
      bodyLimit: config.bodyLimit,
      requestId,
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pathname = pathnameOf(request) ?? '/';
    const requestId = randomUUID();
    request.headers[requestIdHeader] = requestId;
    const target = findMcpTarget(pathname);
    if (!target) for (const [name, value] of documentHeaders) response.setHeader(name, value);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader(requestIdHeader, requestId);
    const refuse = (problem: Problem) => {
      request.resume();
      writeAnswer(response, familyOf(pathname)(problem));
    };
    const problem = guard({ method: request.method ?? 'GET', pathname, header: headerOf(request) });
    if (problem) return refuse(problem);
    const cors = corsHeaders(config.allowedOrigins, request.headers.origin);
    for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      response.writeHead(204, 'vary' in cors ? preflightHeaders : {}).end();
      return;
    }
    if (!target) return options.web(request, response);
    if (!isReservedMcpPath(pathname)) return answerMcp(request, response, target, requestId);
    if (!speaksMcp(request)) return options.web(request, response);
    request.resume();
    const message = `"${target.endpoint}" is a reserved word: no server has this name.`;
    writeAnswer(response, familyOf('/mcp')({ code: 'not_found', message }));
  }

  return createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ error, path: request.url?.split('?', 1)[0] }, 'A request failed');
      if (!response.headersSent) writeAnswer(response, familyOf('/')({ code: 'internal', message: 'The hub failed.' }));
      else response.destroy();
    });
  });
}
