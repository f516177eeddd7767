import { ErrorCode } from '../../rpc.ts';
import type { JsonRpcErrorObject, RemoteLaunch } from '../../types.ts';
import type { LinkError } from '../link.ts';
import type { HttpClient, HttpExchange } from './http-client.ts';
import type { HttpSession } from './http-session.ts';
import { Post, type Sender } from './post.ts';
import { namesSession } from './session-doubt.ts';

/** Finds out whether the server still knows the session of a link. */
export interface SessionCheck {
  /** Asks the server with a ping: one at a time, and one a second at most. True where the answer is unclear. */
  lives(): Promise<boolean>;
}

export interface SessionCheckOptions {
  client: HttpClient;
  session: HttpSession;
  launch: RemoteLaunch;
}

/** No request of the hub has it. */
const pingId = 'session-check';
const patienceMs = 5_000;
const freshMs = 1_000;
const longestAnswer = 64 * 1024;
/**
 * A server that refuses a ping without a word of the session may refuse every ping. So that alone ends a session of a
 * server once in this time.
 */
const wordlessMs = 60_000;

type Verdict = 'lives' | 'lost' | 'wordless';

/** When a session was last dropped for a refusal without a reason, by launch. */
const wordless = new WeakMap<RemoteLaunch, number>();

export function createSessionCheck(options: SessionCheckOptions): SessionCheck {
  let asking: Promise<boolean> | null = null;
  let livedAt = -Infinity;
  async function ask(): Promise<boolean> {
    const verdict = await ping(options);
    const now = performance.now();
    const before = wordless.get(options.launch) ?? -Infinity;
    const lost = verdict === 'lost' || (verdict === 'wordless' && now - before >= wordlessMs);
    if (verdict === 'wordless' && lost) wordless.set(options.launch, now);
    if (!lost) livedAt = now;
    return !lost;
  }
  return {
    lives() {
      if (performance.now() - livedAt < freshMs) return Promise.resolve(true);
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
  };
}

function ping({ client, session }: SessionCheckOptions): Promise<Verdict> {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const sender: Sender = {
    id: pingId,
    limit: longestAnswer,
    // The answer is checked here.
    inSession: () => false,
    doubt: (_error, settle) => settle(),
    accepted: () => {},
    refused: (error) => resolve(ofRefusal(error)),
    message: (message) => {
      if ('method' in message) return;
      resolve(message.error === undefined ? 'lives' : ofError(message.error));
    },
    malformed: () => {},
    log: () => {},
    replied: () => {},
    done: (error) => resolve(error?.code === 'http' ? ofRefusal(error) : 'lives'),
  };
  const exchange: HttpExchange = client.exchange(
    {
      method: 'POST',
      target: session.target(),
      ...session.post(),
      body: JSON.stringify({ jsonrpc: '2.0', id: pingId, method: 'ping' }),
      lane: 'side',
    },
    new Post(sender),
  );
  const timer = setTimeout(resolve, patienceMs, 'lives').unref();
  return promise.finally(() => {
    clearTimeout(timer);
    exchange.stop();
  });
}

function ofRefusal({ status, body }: LinkError): Verdict {
  if (status === 404 || status === 410 || namesSession(body)) return 'lost';
  return status === 400 ? 'wordless' : 'lives';
}

/** A server that checks the method, or its parameters, has found the session. */
const inSession: ReadonlySet<number> = new Set([ErrorCode.methodNotFound, ErrorCode.invalidParams]);

function ofError({ code, message }: JsonRpcErrorObject): Verdict {
  if (namesSession(message)) return 'lost';
  return inSession.has(code) ? 'lives' : 'wordless';
}
