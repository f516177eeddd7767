import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { JsonRpcId, JsonRpcMessage, JsonRpcResponse, Launch, LogLevel, RemoteLaunch } from '../../types.ts';
import type { Link, LinkContext, LinkError, LinkEvents, OpenLink, SendOptions } from '../link.ts';

export interface LinkEventsSeen {
  messages: { message: JsonRpcMessage; related: JsonRpcId | null }[];
  malformed: string[];
  lost: { id: JsonRpcId; error: LinkError }[];
  logs: { level: LogLevel; source: string; text: string }[];
  closed: (LinkError | null)[];
}

export interface TestLink extends AsyncDisposable {
  link: Link;
  seen: LinkEventsSeen;
  /** Sends a request and gives its response, or the error it was lost with. */
  request(method: string, params?: object, options?: SendOptions): Promise<JsonRpcResponse>;
  /** Resolves once it holds; looks again at every event. */
  until(done: (seen: LinkEventsSeen) => boolean): Promise<void>;
}

export const messageLimit = 1024 * 1024;

export function remote(kind: RemoteLaunch['kind'], url: string, headers: Record<string, string> = {}): RemoteLaunch {
  return { kind, url, headers, allowPrivate: true };
}

/** The settings for children of tests: the node that runs the test. */
export const processOptions = { path: `${dirname(process.execPath)}:/usr/bin:/bin`, home: tmpdir() };

type Pending = Map<JsonRpcId, PromiseWithResolvers<JsonRpcResponse>>;

/** Keeps the events; `told` is called after each. */
function remember(
  seen: LinkEventsSeen,
  pending: Pending,
  told: () => void,
  asked: (id: JsonRpcId) => void,
): LinkEvents {
  return {
    message: (message, related) => {
      seen.messages.push({ message, related });
      if (!('method' in message)) pending.get(message.id ?? '')?.resolve(message);
      else if ('id' in message) asked(message.id);
      told();
    },
    malformed: ({ ids, reason }) => {
      seen.malformed.push(reason);
      for (const id of ids) pending.get(id)?.reject(new Error(reason));
      told();
    },
    lost: (id, error) => {
      seen.lost.push({ id, error });
      pending.get(id)?.reject(error);
      told();
    },
    log: (level, source, text) => {
      seen.logs.push({ level, source, text });
      told();
    },
    closed: (error) => {
      seen.closed.push(error);
      for (const { reject } of pending.values()) reject(error);
      told();
    },
  };
}

/** Opens a link that keeps its events; `answerWith` is the result given to the server's own requests. */
export async function openTestLink(
  open: OpenLink,
  launch: Launch,
  options: Partial<LinkContext> & { answerWith?: object } = {},
): Promise<TestLink> {
  const seen: LinkEventsSeen = { messages: [], malformed: [], lost: [], logs: [], closed: [] };
  const waiting = new Set<() => void>();
  const pending: Pending = new Map();
  let opened: Link | null = null;
  function told() {
    for (const look of waiting) look();
  }
  const events = remember(seen, pending, told, (id) => {
    if (options.answerWith !== undefined) void opened?.send({ jsonrpc: '2.0', id, result: { ...options.answerWith } });
  });
  const context = {
    serverId: 'test',
    instance: '1',
    signal: new AbortController().signal,
    messageLimit: messageLimit,
  };
  const link = await open(launch, { ...context, ...options }, events);
  opened = link;
  let id = 0;

  return {
    link,
    seen,
    request: async (method, params = {}, sendOptions) => {
      id += 1;
      const answer = Promise.withResolvers<JsonRpcResponse>();
      answer.promise.catch(() => {});
      pending.set(id, answer);
      await link.send({ jsonrpc: '2.0', id, method, params: { ...params } }, sendOptions);
      return await answer.promise;
    },
    until: (done) =>
      new Promise((resolve) => {
        function look() {
          if (!done(seen)) return;
          waiting.delete(look);
          resolve();
        }
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => link.close({ graceMs: 500 }),
  };
}
