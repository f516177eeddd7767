import { randomUUID } from 'node:crypto';
import { type Core, type Ctx, messageOf } from '@switchboard/core';
import { onSignedOut, userOf } from '@switchboard/core/access';
import type { Streams } from '../streams.ts';
import { shareVisible } from '../visible.ts';
import { ClientFrame, closeCodes, idOf, type FrameId } from './frames.ts';
import { createOutbox, type Transport } from './outbox.ts';
import { notAFrame, socketErrorOf, toSocketError, type SocketError } from './problems.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';
import type { Turns } from './turns.ts';

export interface SocketOptions {
  core: Pick<Core, 'authenticate' | 'ctxFor' | 'expiryOf' | 'deps'>;
  /** The open connections of everybody. */
  streams: Streams;
  transport: Transport;
  /** Shared by all connections. */
  turns: Turns;
  /** The address and client of the connection. */
  from: { address: string | null; client: string | null };
  /** How long a client may take to say who it is, in milliseconds. */
  authTimeoutMs?: number;
}

/** One connection at /ws. */
export interface SocketSession {
  /** A text frame of the client. */
  receive(text: string): void;
  /** The connection is gone. */
  end(): void;
}

/** Frames that may wait for the one before them, or for credentials to be verified. */
const mostWaiting = 32;

/** A message that is no valid frame. */
interface NoFrame {
  type: 'none';
  problem: SocketError;
  id?: FrameId | undefined;
}

function read(text: string): ClientFrame | NoFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const message = 'The frame is not JSON. Send objects like {"type":"subscribe","channel":"server-status"}.';
    return { type: 'none', problem: { code: 'INVALID_REQUEST', message } };
  }
  const frame = ClientFrame.safeParse(value);
  return frame.success ? frame.data : { type: 'none', problem: notAFrame(frame.error), id: idOf(value) };
}

function named(id: FrameId | undefined): { id?: FrameId } {
  return id === undefined ? {} : { id };
}

/** Speaks with one client: who it is, what it follows, and what happens there (WebSocket API of the hub API). */
export function createSocketSession(options: SocketOptions): SocketSession {
  const { core, transport, streams, from } = options;
  const { log } = core.deps;
  const gone = new AbortController();
  const outbox = createOutbox(transport, options.turns, fail);
  const stops: (() => void)[] = [];
  const waiting: (ClientFrame | NoFrame)[] = [];
  let subscriptions: Subscriptions | null = null;
  let working = false;
  const authTimer = setTimeout(
    () => refuse('Send {"type":"auth","token":"…"} within 10 seconds after connecting.'),
    options.authTimeoutMs ?? 10_000,
  );

  function close(code: number, reason: string): void {
    if (gone.signal.aborted) return;
    end();
    transport.close(code, reason);
  }
  function fail(error: unknown): void {
    log.error({ error: messageOf(error) }, 'A connection at /ws failed');
    answer({ type: 'error', error: toSocketError({ code: 'internal', message: 'The hub failed.' }) });
    close(1011, 'The hub failed.');
  }
  function answer(frame: object): void {
    if (!outbox.answer(frame)) close(closeCodes.tooMany, 'The client reads too little.');
  }
  function refuse(message: string): void {
    answer({ type: 'error', error: toSocketError({ code: 'unauthenticated', message }) });
    close(closeCodes.unauthenticated, 'Not signed in.');
  }
  function end(): void {
    if (gone.signal.aborted) return;
    gone.abort();
    clearTimeout(authTimer);
    outbox.end();
    waiting.length = 0;
    for (const stop of stops.splice(0)) stop();
  }

  async function signIn(token: string): Promise<void> {
    const credentials = { bearer: token };
    const { actor } = await core.authenticate(credentials);
    if (gone.signal.aborted) return;
    clearTimeout(authTimer);
    const ctx: Ctx = core.ctxFor(actor, {
      ...from,
      requestId: randomUUID(),
      signal: gone.signal,
      way: 'rest',
      expiresAt: core.expiryOf(credentials),
    });
    stops.push(
      streams.hold(actor),
      onSignedOut(ctx, () => refuse('The sign-in or key has ended. Sign in again.')),
    );
    const user = userOf(actor);
    const { visible, release } = shareVisible(ctx);
    if (gone.signal.aborted) return release();
    subscriptions = createSubscriptions({
      core: ctx,
      visible,
      outbox,
      answer,
      flooded: () => close(closeCodes.tooMany, 'Too many subscriptions are asked for.'),
    });
    stops.push(release, () => subscriptions?.end());
    answer({ type: 'auth', event: 'authenticated', success: true, user });
  }

  async function authenticate(frame: ClientFrame & { type: 'auth' }): Promise<void> {
    try {
      await signIn(frame.token);
    } catch (thrown) {
      const error = socketErrorOf(thrown);
      if (!error) throw thrown;
      answer({ type: 'error', error });
      const isRefused = error.code === 'AUTHENTICATION_FAILED';
      close(isRefused ? closeCodes.unauthenticated : closeCodes.tryLater, isRefused ? 'Not signed in.' : 'Try later.');
    }
  }

  async function take(frame: ClientFrame | NoFrame): Promise<void> {
    switch (frame.type) {
      case 'none':
        return answer({ type: 'error', error: frame.problem, ...named(frame.id) });
      case 'ping':
        return answer({ type: 'pong', ...named(frame.id) });
      case 'auth': {
        if (!subscriptions) return authenticate(frame);
        const message = 'This connection is signed in. Connect again to be somebody else.';
        return answer({ type: 'error', error: { code: 'INVALID_REQUEST', message } });
      }
      case 'unsubscribe':
        subscriptions?.stop(frame.channel, frame.id);
        return answer({ type: 'unsubscribed', channel: frame.channel, ...named(frame.id) });
      case 'subscribe':
        return subscriptions?.start(frame);
    }
  }

  async function work(): Promise<void> {
    working = true;
    try {
      for (let next = takeNext(); next !== undefined; next = takeNext()) await take(next);
    } catch (error) {
      fail(error);
    } finally {
      working = false;
    }
  }

  /** In the order in which they came; before somebody is signed in, what is asked of channels waits for that. */
  function takeNext(): ClientFrame | NoFrame | undefined {
    if (subscriptions) return waiting.shift();
    const at = waiting.findIndex(({ type }) => type !== 'subscribe' && type !== 'unsubscribe');
    return at === -1 ? undefined : waiting.splice(at, 1)[0];
  }

  return {
    receive(text) {
      if (gone.signal.aborted) return;
      if (waiting.length >= mostWaiting) return close(closeCodes.tooMany, `More than ${mostWaiting} frames wait.`);
      waiting.push(read(text));
      if (!working) void work();
    },
    end,
  };
}
