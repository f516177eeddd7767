import { readCatalog, sameCatalog } from '../catalog.ts';
import { ErrorCode, RpcError } from '../rpc.ts';
import type { Catalog, JsonObject, LogLevel, ServerSpec } from '../types.ts';
import type { Era } from '../versions.ts';
import { nextDelayMs } from './backoff.ts';
import { envelope, openInstance } from './instance.ts';
import type { ClientIdentity, Instance } from './instance.ts';
import { LinkError } from './link.ts';
import type { OpenLink } from './link.ts';
import { routingHeaders } from '../param-headers.ts';
import { LATEST_MODERN } from '../versions.ts';
import { initialState, next } from './state.ts';
import type { UpstreamEvent, UpstreamState } from './state.ts';

/** Lets some starts run at once, so that a hub with many servers does not start them all in one burst. */
export type StartSlot = <T>(start: () => Promise<T>) => Promise<T>;

export interface PrimaryOptions {
  spec: () => ServerSpec;
  openLink: OpenLink;
  hub: ClientIdentity;
  messageLimit: number;
  now: () => number;
  random: () => number;
  slot: StartSlot;
  log(level: LogLevel, source: 'stdout' | 'stderr' | 'hub', text: string, instance: string | null): void;
  onNotification(method: string, params: JsonObject): void;
  onState(state: UpstreamState, previous: UpstreamState): void;
  onCatalog(catalog: Catalog): void;
}

/** A server's first instance: it feeds catalog, health, pid and uptime, and is the one that is supervised. */
export interface Primary {
  state(): UpstreamState;
  instance(): Instance | null;
  catalog(): Catalog | null;
  seed(catalog: Catalog): void;
  /** Takes over an instance a probe opened. */
  adopt(instance: Instance, catalog: Catalog): void;
  send(event: UpstreamEvent): void;
  wake(): void;
  /** Resolves once running; rejects with why not. */
  ensure(signal: AbortSignal | undefined): Promise<Instance>;
  /** Reads the lists again. */
  refresh(): Promise<void>;
  /** Resolves when nothing of it is left. */
  settled(): Promise<void>;
  graceMs: number;
}

/** Failed less than this ago → a call is told the reason instead of starting once more. */
const FRESH_FAILURE_MS = 2000;
const DEFAULT_GRACE_MS = 5000;

export function describeFailure(error: unknown): string {
  if (error instanceof LinkError || error instanceof RpcError) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return 'The server did not finish its start in time';
  return error instanceof Error ? error.message : String(error);
}

/** Eras worth trying with a kind of server, in order: HTTP servers answer a stateless probe, child processes may not. */
export function erasToTry(spec: ServerSpec): Era[] {
  if (spec.launch.kind === 'sse') return ['legacy'];
  return spec.launch.kind === 'streamable-http' ? ['modern', 'legacy'] : ['legacy', 'modern'];
}

/** One list request as an instance's era wants it. */
export function listRequester(instance: Instance, hub: ClientIdentity, timeoutMs: number) {
  return (method: string, params: JsonObject): Promise<JsonObject> => {
    const modern = instance.era === 'modern';
    const sent: JsonObject = modern ? { ...params, _meta: envelope(hub) } : params;
    return instance.request({
      method,
      params: sent,
      timeoutMs,
      maxMs: timeoutMs,
      ...(modern ? { headers: routingHeaders(LATEST_MODERN, method, sent) } : {}),
    });
  };
}

export function createPrimary(options: PrimaryOptions): Primary {
  let state: UpstreamState = initialState;
  let current: Instance | null = null;
  let catalog: Catalog | null = null;
  let opening: AbortController | null = null;
  let retry: NodeJS.Timeout | undefined;
  let closing: Promise<void> = Promise.resolve();
  let refreshing: Promise<void> | null = null;
  let refreshAgain = false;
  const waiters = new Set<() => void>();

  const retryAt = (): number => options.now() + nextDelayMs(state.failures + 1, options.random());

  const send = (event: UpstreamEvent): void => {
    const previous = state;
    const step = next(state, event);
    state = step.state;
    for (const effect of step.effects) {
      if (effect === 'open') void open(state.generation);
      else close(state.generation);
    }
    if (state === previous) return;
    clearTimeout(retry);
    if (state.phase === 'error' && state.nextRetryAt !== null) {
      retry = setTimeout(() => primary.wake(), Math.max(0, state.nextRetryAt - options.now()));
      retry.unref();
    }
    options.onState(state, previous);
    for (const waiter of [...waiters]) waiter();
  };

  const failed = (generation: number, error: unknown): void => {
    const text = describeFailure(error);
    options.log('error', 'hub', `Start failed: ${text}`, null);
    const needsSignIn = error instanceof LinkError && error.code === 'unauthorized';
    send({ type: 'failed', generation, error: text, needsSignIn, retryAt: retryAt() });
  };

  const open = async (generation: number): Promise<void> => {
    const spec = options.spec();
    const controller = new AbortController();
    opening = controller;
    const name = `${spec.id}#${generation}`;
    let mine: Instance | null = null;
    try {
      mine = await options.slot(() =>
        openInstance({
          spec,
          id: name,
          openLink: options.openLink,
          identity: options.hub,
          eras: erasToTry(spec),
          client: null,
          messageLimit: options.messageLimit,
          now: options.now,
          signal: AbortSignal.any([controller.signal, AbortSignal.timeout(spec.limits.startTimeoutMs)]),
          onLog: (level, source, text) => options.log(level, source, text, name),
          onNotification: options.onNotification,
          onClosed: (error) => ended(generation, error),
        }),
      );
      const read = await readLists(mine, spec);
      if (generation !== state.generation || state.phase !== 'starting')
        return void (await mine.close({ graceMs: primary.graceMs }));
      take(mine, read);
      send({ type: 'opened', generation });
    } catch (error) {
      await mine?.close({ graceMs: primary.graceMs });
      if (generation === state.generation && state.phase === 'starting') failed(generation, error);
    } finally {
      if (opening === controller) opening = null;
    }
  };

  const readLists = (instance: Instance, spec: ServerSpec): Promise<Catalog> =>
    readCatalog(
      instance.identity,
      listRequester(instance, options.hub, spec.limits.startTimeoutMs),
      catalog,
      (method, error) => {
        options.log('warn', 'hub', `${method} failed: ${describeFailure(error)}`, instance.id);
      },
    );

  const take = (instance: Instance, read: Catalog): void => {
    current = instance;
    listenForChanges(instance, options);
    if (sameCatalog(catalog, read)) return;
    catalog = read;
    options.onCatalog(read);
  };

  const ended = (generation: number, error: LinkError | null): void => {
    if (current === null && state.phase !== 'starting') return;
    if (generation === state.generation) current = null;
    if (generation !== state.generation || state.phase !== 'running') return;
    const text = error === null ? 'The server closed the connection' : error.message;
    options.log('error', 'hub', text, null);
    send({ type: 'ended', generation, error: text, retryAt: retryAt() });
  };

  const close = (generation: number): void => {
    const instance = current;
    current = null;
    opening?.abort(new LinkError('closed', 'The start was given up'));
    closing = closing
      .then(() => instance?.close({ graceMs: primary.graceMs }))
      .catch(() => undefined)
      .then(() => {
        const again = state.asleep && state.generation === generation && restartWanted;
        restartWanted = false;
        send({ type: 'closed', generation });
        if (again) primary.wake();
      });
  };
  let restartWanted = false;

  const primary: Primary = {
    graceMs: DEFAULT_GRACE_MS,
    state: () => state,
    instance: () => (current?.alive() === true ? current : null),
    catalog: () => catalog,
    seed(seeded) {
      catalog ??= seeded;
    },
    adopt(instance, read) {
      state = {
        ...state,
        desired: 'on',
        phase: 'running',
        generation: state.generation + 1,
        lastStartAt: instance.startedAt,
        error: null,
        failures: 0,
      };
      const { generation } = state;
      instance.handlers = { onNotification: options.onNotification, onClosed: (error) => ended(generation, error) };
      take(instance, read);
      options.onState(state, initialState);
    },
    send(event) {
      send(event);
      if (event.type !== 'desired' || event.desired !== 'on') return;
      if (state.phase === 'stopping') restartWanted = true;
      else primary.wake();
    },
    wake() {
      if (state.phase === 'stopping') restartWanted = true;
      send({ type: 'wake', at: options.now() });
    },
    ensure(signal) {
      const ready = primary.instance();
      if (ready !== null && state.phase === 'running') return Promise.resolve(ready);
      if (state.desired !== 'on') return Promise.reject(notOn(options.spec()));
      const { lastStartAt } = state;
      const fresh = lastStartAt !== null && options.now() - lastStartAt < FRESH_FAILURE_MS;
      if (state.phase === 'error' && (fresh || state.needsSignIn))
        return Promise.reject(unavailable(options.spec(), state));
      primary.wake();
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          waiters.delete(check);
          signal?.removeEventListener('abort', aborted);
          settle();
        };
        const check = (): void => {
          const instance = primary.instance();
          if (state.phase === 'running' && instance !== null) return finish(() => resolve(instance));
          if (state.phase === 'error') return finish(() => reject(unavailable(options.spec(), state)));
          if (state.desired !== 'on') return finish(() => reject(notOn(options.spec())));
        };
        const aborted = (): void =>
          finish(() => reject(new RpcError(ErrorCode.server, 'Request cancelled', { cancelled: true })));
        waiters.add(check);
        signal?.addEventListener('abort', aborted, { once: true });
        if (signal?.aborted === true) aborted();
        else check();
      });
    },
    async refresh() {
      refreshAgain = true;
      refreshing ??= (async () => {
        while (refreshAgain) {
          refreshAgain = false;
          const instance = primary.instance();
          if (instance === null) break;
          const read = await readLists(instance, options.spec()).catch(() => null);
          if (read === null || sameCatalog(catalog, read)) continue;
          catalog = read;
          options.onCatalog(read);
        }
      })().finally(() => {
        refreshing = null;
      });
      await refreshing;
    },
    async settled() {
      await closing;
    },
  };
  return primary;
}

/** Opens the change stream of a 2026-07-28 server; a 2025 server tells changes unasked. */
export function listenForChanges(instance: Instance, options: Pick<PrimaryOptions, 'hub' | 'random'>): void {
  if (instance.era !== 'modern') return;
  const params: JsonObject = {
    notifications: { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true },
    _meta: envelope(options.hub),
  };
  const forever = 2 ** 31 - 1;
  const open = (attempt: number): void => {
    instance
      .request({
        method: 'subscriptions/listen',
        params: structuredClone(params),
        headers: routingHeaders(LATEST_MODERN, 'subscriptions/listen', params),
        timeoutMs: forever,
        maxMs: forever,
      })
      .catch((error: unknown) => {
        if (!instance.alive() || error instanceof RpcError) return;
        setTimeout(() => instance.alive() && open(attempt + 1), nextDelayMs(attempt, options.random())).unref();
      });
  };
  open(1);
}

function notOn(spec: ServerSpec): RpcError {
  const how = spec.desired === 'disabled' ? 'disabled; enable it first' : 'stopped; start it first';
  return new RpcError(ErrorCode.server, `Server ${spec.id} is ${how}`, { serverId: spec.id, phase: spec.desired });
}

function unavailable(spec: ServerSpec, state: UpstreamState): RpcError {
  const why = state.needsSignIn ? 'it wants a sign-in' : (state.error ?? 'it does not start');
  return new RpcError(ErrorCode.server, `Server ${spec.id} is not available: ${why}`, {
    serverId: spec.id,
    phase: state.phase,
    ...(state.nextRetryAt === null ? {} : { nextRetryAt: new Date(state.nextRetryAt).toISOString() }),
  });
}
