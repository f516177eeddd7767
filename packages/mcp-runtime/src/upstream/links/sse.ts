import type { JsonRpcMessage, RemoteLaunch } from '../../types.ts';
import { LinkError, type Link, type LinkContext, type LinkEvents, type SendOptions } from '../link.ts';
import { checkUrl } from '../url-guard.ts';
import { isEventStream } from './follow.ts';
import { toTarget, type HttpClient, type HttpExchange, type Target } from './http-client.ts';
import { configuredHeaders, headerSet, withHeaders } from './http-headers.ts';
import { oversizeResponseId, parseMessages, requestId } from './json-rpc.ts';
import type { OversizeLine } from './lines.ts';
import { createBody, parseBody, refusal } from './replies.ts';
import { createEventParser, type EventParser } from './sse-parser.ts';

const BODY_LIMIT = 64 * 1024;

/** Speaks HTTP+SSE of 2024-11-05: one stream brings everything, messages are posted to the address it names. */
export async function openSse(
  launch: RemoteLaunch,
  context: LinkContext,
  events: LinkEvents,
  client: HttpClient,
): Promise<Link> {
  const configured = configuredHeaders(launch.headers);
  const start = toTarget(checkUrl(launch.url, launch));
  const ready = Promise.withResolvers<Target>();
  let endpoint: Target | null = null;
  let over = false;
  let protocolVersion: string | null = null;
  let stream: HttpExchange | null = null;
  const open = new Set<(error: LinkError) => void>();

  const end = (error: LinkError | null) => {
    if (over) return;
    over = true;
    stream?.abort();
    for (const giveUp of open) giveUp(error ?? new LinkError('closed', 'The connection to the server is closed.'));
    open.clear();
    if (endpoint === null) ready.reject(error);
    else events.closed(error);
  };
  const tooLarge = (line: OversizeLine) => {
    const text = `A message of ${line.bytes} bytes is over the limit of ${context.messageLimit} and was dropped.`;
    const id = oversizeResponseId(line);
    events.log('warn', 'hub', text);
    if (id !== null) events.lost(id, new LinkError('too_large', text));
  };
  const receive = (data: string) => {
    const parsed = parseMessages(data);
    if (parsed === null) {
      events.log('warn', 'hub', `An event that is no JSON-RPC message was dropped: ${data.slice(0, 200)}`);
      return;
    }
    for (const message of Array.isArray(parsed) ? parsed : [parsed]) events.message(message, null);
  };
  const named = (data: string, from: Target) => {
    const url = URL.parse(data, from.origin + from.path);
    if (url === null || url.origin !== from.origin) {
      end(new LinkError('protocol', `The server names ${data} as the address for messages, which is not at ${from.origin}.`));
      return;
    }
    endpoint = toTarget(url);
    ready.resolve(endpoint);
  };

  let parser: EventParser | null = null;
  let refused: ((body: unknown) => LinkError) | null = null;
  const body = createBody(BODY_LIMIT);
  stream = client.exchange(
    { method: 'GET', target: start, ...headerSet(['accept', 'text/event-stream'], configured), body: null, lane: 'streams' },
    {
      response: (status, headers, from) => {
        if (status < 300 && !isEventStream(headers)) {
          end(new LinkError('protocol', 'The server answered with something else than an event stream: is the URL that of its SSE endpoint?', { status }));
        } else if (status >= 300) {
          refused = (content) => refusal(status, headers, content, { inSession: false });
        } else {
          parser = createEventParser({
            limit: context.messageLimit,
            oversize: tooLarge,
            event: ({ event, data }) => {
              if (event === 'endpoint' && endpoint === null) named(data, from);
              else if (event === 'message' && data !== '' && !over) receive(data);
            },
          });
        }
      },
      data: (chunk) => {
        if (parser === null) body.push(chunk);
        else parser.push(chunk);
      },
      end: () => end(refused?.(parseBody(body.text())) ?? new LinkError('closed', 'The server ended the event stream.')),
      failed: (error) =>
        end(parser === null ? error : new LinkError('closed', `The event stream broke off: ${error.message}`)),
    },
  );
  const abort = () => end(new LinkError('closed', 'The start was given up.'));
  if (context.signal.aborted) abort();
  context.signal.addEventListener('abort', abort, { once: true });
  const target = await ready.promise.finally(() => context.signal.removeEventListener('abort', abort));

  const headers = () =>
    headerSet(
      [
        'content-type',
        'application/json',
        'accept',
        'application/json, text/event-stream',
        ...(protocolVersion === null ? [] : ['mcp-protocol-version', protocolVersion]),
      ],
      configured,
    );
  let prepared = headers();

  const send = (message: JsonRpcMessage, options?: SendOptions): Promise<void> => {
    if (over) return Promise.reject(new LinkError('closed', 'The connection to the server is closed.'));
    const sent = Promise.withResolvers<void>();
    const answer = createBody(BODY_LIMIT);
    let failure: ((content: unknown) => LinkError) | null = null;
    let exchange: HttpExchange | null = null;
    const giveUp = (error: LinkError) => {
      exchange?.abort();
      sent.reject(error);
    };
    const finish = (error: LinkError | null) => {
      open.delete(giveUp);
      if (error === null) return sent.resolve();
      sent.reject(error);
      if (error.code === 'session_lost') setImmediate(end, error);
    };
    open.add(giveUp);
    exchange = client.exchange(
      {
        method: 'POST',
        target,
        ...(options?.headers === undefined ? prepared : withHeaders(prepared, options.headers)),
        body: JSON.stringify(message),
        lane: requestId(message) === null ? 'side' : 'calls',
      },
      {
        response: (status, answerHeaders) => {
          if (status >= 300) failure = (content) => refusal(status, answerHeaders, content, { inSession: true });
        },
        data: (chunk) => void answer.push(chunk),
        end: () => finish(failure?.(parseBody(answer.text())) ?? null),
        failed: finish,
      },
    );
    return sent.promise;
  };

  return {
    pid: null,
    send,
    negotiated: (agreed) => {
      protocolVersion = agreed.protocolVersion;
      prepared = headers();
    },
    close: async () => end(null),
  };
}
