import { isObject } from '@switchboard/basics';
import { withDeadline, type CancelSignal } from '../../hot/cancellation.ts';
import { paramHeaders, routingHeaders } from '../../param-headers.ts';
import { ErrorCode, metaOf, RpcError } from '../../rpc.ts';
import { carryTrace } from '../../trace-context.ts';
import type { Admit, CallRecord, HiddenBy, JsonObject, TraceCarrier } from '../../types.ts';
import { CallerNeeded } from '../../upstream/caller-needed.ts';
import { asRpcError, neededFor, withoutReason } from '../../upstream/failures.ts';
import type { Instance } from '../../upstream/instance.ts';
import { LinkError, type CallOrigin } from '../../upstream/link.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import { envelopeKeys, latestModern, Meta } from '../../versions.ts';
import { answerInputRequired, isInputRequired } from '../asks/input-required.ts';
import { foreignState, type RequestStates } from '../asks/request-state.ts';
import { canBeSent, sendCaller, type CallerTasks } from '../asks/sent-caller.ts';
import { needOf, type Call, type Peer } from '../sessions/peer.ts';
import type { Target } from '../target.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { recordOf, type ForwardedCall } from './call-record.ts';
import { beginSent, beginSentAgain, failureOf, tellDecision, tellFailure } from './spans.ts';

export interface Forwarder {
  /**
   * Sends one request of a peer to a server and resolves with its result, questions in between included.
   * `name` is what the call record shows; `params` is the caller's to give away.
   */
  forward(peer: Peer, call: Call, target: Target): Promise<JsonObject>;
  /** Writes down a call that goes nowhere. */
  refused(peer: Peer, call: Call, target: Target, error: RpcError, hidden: HiddenBy | null): void;
}

const outermost: readonly string[] = [];

export interface ForwardOptions {
  upstream(serverId: string): Upstream;
  states: RequestStates;
  now: () => number;
  record(record: CallRecord): void;
  /** Whether a tool may be called now, or has to wait. */
  admit: Admit;
  /** Waits for what callers have to do first. */
  doings: CallerTasks;
  /** The tasks and the people who were given them. */
  tasks: Tasks;
}

/** The text that binds a request state to the caller it was given to. */
export function stateBinding(peer: Pick<Peer, 'credential' | 'endpoint'>): string {
  return JSON.stringify([peer.credential.key, peer.endpoint]);
}

function toModern(peer: Peer, call: Call, target: Target): { params: JsonObject; headers: Record<string, string> } {
  const meta: JsonObject = { ...metaOf(target.params) };
  meta[Meta.protocolVersion] = latestModern;
  meta[Meta.clientInfo] ??= peer.clientInfo;
  meta[Meta.clientCapabilities] ??= peer.capabilities;
  if (call.logLevel !== null) meta[Meta.logLevel] ??= call.logLevel;
  const params = { ...target.params, _meta: meta };
  const args = isObject(target.params['arguments']) ? target.params['arguments'] : undefined;
  const custom = call.paramHeaders ?? (target.inputSchema === undefined ? {} : paramHeaders(target.inputSchema, args));
  return { params, headers: { ...custom, ...routingHeaders(latestModern, target.method, params) } };
}

/** Passes on the server's notifications during the call, with the tasks' ids of the endpoint. */
function heardBy({ tasks }: ForwardOptions, { peer, call, target }: ForwardedCall): Call['notify'] {
  if (target.prefixed !== true) return call.notify;
  return (method, params) => call.notify(method, tasks.shown(peer.credential.person, target.serverId, params));
}

function toLegacy(target: Target): JsonObject {
  const meta = metaOf(target.params);
  if (meta === undefined) return target.params;
  const kept = { ...meta };
  for (const key of envelopeKeys) delete kept[key];
  const params = { ...target.params, _meta: kept };
  if (Object.keys(kept).length === 0) delete (params as JsonObject)['_meta'];
  return params;
}

/** Adds what a client of the other era expects in a result, and takes away what it does not know. */
function translateResult(result: JsonObject, from: Instance['era'], to: Peer['era'], method: string): JsonObject {
  if (from === to) return result;
  if (to === 'modern') {
    const translated: JsonObject = { resultType: 'complete', ...result };
    if (method === 'resources/read') {
      translated['ttlMs'] ??= 0;
      translated['cacheScope'] ??= 'private';
    }
    return translated;
  }
  // A task has its own type and time to live, which mean the same in both eras.
  if (result['resultType'] === 'task') return result;
  const { resultType: _type, cacheScope: _scope, ...rest } = result;
  if (!method.startsWith('tasks/')) delete rest['ttlMs'];
  return rest;
}

/** A server's own request state comes back from a stateless client sealed; it is only for the server that gave it. */
function unsealState(options: ForwardOptions, peer: Peer, target: Target): JsonObject {
  const sealed = target.params['requestState'];
  if (peer.era !== 'modern' || typeof sealed !== 'string') return target.params;
  const state = options.states.open(stateBinding(peer), sealed);
  if (state.kind !== 'upstream' || state.serverId !== target.serverId) throw foreignState();
  return { ...target.params, requestState: state.state };
}

/** Writes into params where the call stands in its trace, and gives what its headers say of it. */
function carryOn({ sent }: ForwardedCall, params: JsonObject): TraceCarrier | undefined {
  if (sent === null) return undefined;
  const { carrier } = sent;
  carryTrace(params, carrier);
  return carrier;
}

function originOf({ peer, call }: ForwardedCall): CallOrigin {
  return { credential: peer.credential.key, within: call.within ?? outermost };
}

async function onModern(options: ForwardOptions, going: ForwardedCall, instance: Instance): Promise<JsonObject> {
  const { peer, call, target } = going;
  const { limits } = options.upstream(target.serverId).spec();
  function send(params: JsonObject): Promise<JsonObject> {
    const made = toModern(peer, call, { ...target, params });
    const trace = carryOn(going, made.params);
    return instance.request({
      method: target.method,
      params: made.params,
      headers: made.headers,
      trace,
      signal: call.signal,
      origin: originOf(going),
      timeoutMs: limits.callTimeoutMs,
      maxMs: limits.maxCallMs,
      onNotification: heardBy(options, going),
    });
  }
  const params = unsealState(options, peer, target);
  const result = await send(params);
  if (!isInputRequired(result)) return result;
  if (peer.era !== 'modern') {
    // A client that has vanished never answers: its questions wait no longer than a call may last.
    return withDeadline(call.signal, limits.maxCallMs, (signal) =>
      answerInputRequired(result, params, { ask: call.ask, signal, resend: send }),
    );
  }
  const state = result['requestState'];
  if (typeof state !== 'string') return result;
  const sealed = options.states.seal(stateBinding(peer), { kind: 'upstream', serverId: target.serverId, state });
  return { ...result, requestState: sealed };
}

function onLegacy(options: ForwardOptions, going: ForwardedCall, instance: Instance): Promise<JsonObject> {
  const { call, target } = going;
  const { limits } = options.upstream(target.serverId).spec();
  const params = toLegacy(target);
  return instance.request({
    method: target.method,
    params,
    trace: carryOn(going, params),
    signal: call.signal,
    origin: originOf(going),
    timeoutMs: limits.callTimeoutMs,
    maxMs: limits.maxCallMs,
    onNotification: heardBy(options, going),
    onAsk: call.ask,
  });
}

async function attempt(options: ForwardOptions, going: ForwardedCall): Promise<JsonObject> {
  const { peer, call, target } = going;
  const upstream = options.upstream(target.serverId);
  const own = peer.own() || call.ask !== null || (peer.era === 'modern' && call.logLevel !== null);
  const lent = upstream.acquire(needOf(peer, target.serverId, { own, alone: own }), call.signal);
  const lease = lent instanceof Promise ? await lent : lent;
  const { instance } = lease;
  upstream.touch();
  try {
    if (instance.era === 'modern') {
      const result = await onModern(options, going, instance);
      return translateResult(result, 'modern', peer.era, target.method);
    }
    if (peer.era === 'modern') {
      if (call.logLevel !== null) await setLevel(instance, call.logLevel).catch(() => undefined);
      // A state the server behind cannot have given: it speaks the era that has none.
      if (typeof target.params['requestState'] === 'string') throw foreignState();
    }
    return translateResult(await onLegacy(options, going, instance), 'legacy', peer.era, target.method);
  } finally {
    lease.release();
  }
}

/** Methods that change nothing at a server, so that doing one twice harms nobody. */
const harmless = new Set([
  'completion/complete',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'tools/list',
]);

/** Whether a message may be sent again, on a new session: the server refused it for its session, or it does no harm. */
function mayResend(error: unknown, method: string): boolean {
  if (!(error instanceof LinkError) || error.code !== 'session_lost') return false;
  return error.status === null || error.status < 500 || harmless.has(method);
}

/** A refusal of the server, in the form that says what the caller has to do, where that is known. */
function toldNeeded(error: unknown, serverId: string): unknown {
  return neededFor(error) === null ? error : asRpcError(error, serverId);
}

/** The same call after the caller did what was needed; the server may need something else. */
async function attemptAgain(options: ForwardOptions, going: ForwardedCall): Promise<JsonObject> {
  return attempt(options, going).catch((error: unknown) => {
    throw toldNeeded(error, going.target.serverId);
  });
}

/** Refuses a tool call where a limit that counts calls is used up. */
function assertAdmitted(options: ForwardOptions, { peer, target }: ForwardedCall): void {
  const name = target.counts === true ? target.method : target.name;
  if (name === null || (target.method !== 'tools/call' && target.counts !== true)) return;
  const throttled = options.admit(peer.credential, target.serverId, name);
  if (throttled === null) return;
  const { limit, retryAfterSeconds } = throttled;
  throw new RpcError(
    ErrorCode.rateLimited,
    `Rate limit: at most ${limit} calls a minute. Try again in ${retryAfterSeconds} s.`,
    { limit, retryAfterSeconds },
  );
}

export function createForwarder(options: ForwardOptions): Forwarder {
  return {
    refused(peer, call, target, error, hidden) {
      const going: ForwardedCall = { peer, call, target, startedAt: options.now(), sent: null };
      tellDecision(call, { ...target, name: null }, failureOf(error));
      const record = recordOf(going, { durationMs: 0, outcome: 'error', error, result: null });
      options.record(hidden === null ? record : { ...record, hidden });
    },
    async forward(peer, call, target) {
      const going: ForwardedCall = { peer, call, target, startedAt: options.now(), sent: null };
      const started = performance.now();
      try {
        assertAdmitted(options, going);
        const { launch } = options.upstream(target.serverId).spec();
        going.sent = beginSent(call, target, launch);
        const result = await attempt(options, going).catch((failure: unknown) => {
          const error = toldNeeded(failure, target.serverId);
          if (error instanceof CallerNeeded && canBeSent(peer, call, target.method)) {
            return sendCaller(error, { peer, call, doings: options.doings }, () => attemptAgain(options, going));
          }
          if (!mayResend(error, target.method)) throw error;
          going.sent?.end('session_lost');
          going.sent = beginSentAgain(call, target, launch);
          // Once more, with a new session: the server has forgotten the one.
          return attempt(options, going);
        });
        const outcome = result['isError'] === true ? 'tool_error' : 'ok';
        going.sent?.end(outcome === 'ok' ? null : outcome);
        options.record(recordOf(going, { durationMs: performance.now() - started, outcome, error: null, result }));
        peer.mentions?.note(target.serverId, result);
        const noted = options.tasks.note(peer.credential, target.serverId, result);
        if (noted !== undefined) await noted;
        if (target.prefixed !== true) return result;
        return options.tasks.shown(peer.credential.person, target.serverId, result);
      } catch (error) {
        const whole = asRpcError(error, target.serverId);
        const known = target.quiet === true ? withoutReason(whole, target.serverId) : whole;
        const outcome = outcomeOf(known, call.signal);
        if (call.trace !== null) tellFailure(going, known, outcome);
        options.record(
          recordOf(going, { durationMs: performance.now() - started, outcome, error: known, result: null }),
        );
        throw known;
      }
    },
  };
}

function outcomeOf(error: RpcError, signal: CancelSignal): CallRecord['outcome'] {
  if (signal.aborted) return 'cancelled';
  return isObject(error.data) && error.data['timeout'] === true ? 'timeout' : 'error';
}

const levelLimits = { timeoutMs: 10_000, maxMs: 10_000, background: true } as const;

/** Asks a session-era server for log messages from a level on, where it knows logging. */
export async function setLevel(instance: Instance, level: string): Promise<void> {
  if (instance.era !== 'legacy' || instance.identity.capabilities['logging'] === undefined) return;
  await instance.request({ method: 'logging/setLevel', params: { level }, ...levelLimits });
}
