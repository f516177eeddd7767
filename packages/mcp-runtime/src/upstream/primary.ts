import { sameCatalog } from '../catalog.ts';
import type { CancelSignal } from '../hot/cancellation.ts';
import { say, textOf, whyOf } from '../reasons.ts';
import type { Catalog } from '../types.ts';
import { nextDelayMs } from './backoff.ts';
import { listenForChanges } from './change-stream.ts';
import { askedToWaitMs, cancelled, notOn, notYetOwned, unavailable, wantsSignIn } from './failures.ts';
import { feederOf, isOwnersFault, isUnowned, specNow, whyUnowned } from './feeding.ts';
import { hiddenText } from './hidden.ts';
import { heldBack } from './holds.ts';
import type { Instance } from './instance.ts';
import { LinkError } from './link.ts';
import { createLists } from './lists.ts';
import { narrate } from './narrate.ts';
import { answeredBefore } from './open-any-way.ts';
import { type Listed, openListed, throwIfEnded } from './open-listed.ts';
import { isCurrent } from './owned.ts';
import { sharedLists } from './shared-lists.ts';
import { initialState, next, type UpstreamEvent, type UpstreamState } from './state.ts';
import { type PrimaryOptions, type Primary, defaultGraceMs, type Supervised } from './supervised.ts';

/** Calls do not wait for the back-off, but start a server that failed no more often than this. */
const demandMs = 1000;
/** A server that dies sooner than this after its start counts as not having started. */
const briefMs = 60_000;
/** A server that forgets its session again within this time has a fault. */
const forgetfulMs = 10_000;

function send(it: Supervised, event: UpstreamEvent): void {
  const previous = it.state;
  const step = next(previous, event);
  if (step.state === previous) return;
  it.state = step.state;
  tell(it, previous);
  clearTimeout(it.retry);
  if (it.state.nextRetryAt !== null) {
    it.retry = setTimeout(() => wake(it), Math.max(0, it.state.nextRetryAt - it.options.now()));
    it.retry.unref();
  }
  for (const effect of step.effects) {
    if (effect === 'open') begin(it);
    else close(it);
  }
  it.options.onState(it.state, previous);
  for (const waiter of it.waiters) waiter();
}

function tell({ options, current, state }: Supervised, previous: UpstreamState): void {
  const { idleMs } = options.spec().limits;
  const text = narrate(previous, state, { pid: current?.pid ?? null, idleMs, now: options.now() });
  if (text !== null) options.log('info', 'hub', text, null);
}

function wake(it: Supervised): void {
  if (isUnowned(it)) send(it, { type: 'unowned', why: whyUnowned(it) });
  else send(it, { type: 'wake', at: it.options.now() });
}

function changeOwner(it: Supervised): void {
  if (it.state.desired !== 'on') return;
  send(it, { type: 'desired', desired: 'on', restart: true });
  wake(it);
}

function retryAt(it: Supervised, streak: number): number {
  return it.options.now() + nextDelayMs(streak, it.options.random());
}

function begin(it: Supervised): void {
  const controller = new AbortController();
  const attempt: NonNullable<Supervised['attempt']> = { controller, done: Promise.resolve() };
  it.attempt = attempt;
  attempt.done = start(it, it.state.generation, controller.signal).finally(() => {
    if (it.attempt === attempt) it.attempt = null;
  });
}

async function start(it: Supervised, generation: number, signal: AbortSignal): Promise<void> {
  const { options } = it;
  try {
    await options.after;
    const { instance, catalog } = await options.slot(() => open(it, generation, signal), signal);
    if (generation !== it.state.generation || it.state.phase !== 'starting') {
      return await instance.close({ graceMs: it.graceMs });
    }
    throwIfEnded(instance);
    it.current = instance;
    it.lists.take(catalog);
    if (it.owner !== null) options.onOwned(it.owner, catalog);
    listenForChanges(instance, { ...options, onResumed: () => void it.lists.refresh() });
    send(it, { type: 'opened', generation });
    it.lists.catchUp();
  } catch (error) {
    if (generation !== it.state.generation || it.state.phase !== 'starting') return;
    const why = whyOf(error);
    it.triedAt = options.elapsed();
    options.log('error', 'hub', `Start failed: ${textOf(why)}`, null);
    if (isOwnersFault(it, error)) {
      send(it, { type: 'disowned', generation });
      return wake(it);
    }
    const soonest = Math.max(retryAt(it, it.state.streak + 1), options.now() + askedToWaitMs(error));
    send(it, { type: 'failed', generation, error: why, needsSignIn: wantsSignIn(error), retryAt: soonest });
  }
}

async function open(it: Supervised, generation: number, signal: AbortSignal): Promise<Listed> {
  const { options } = it;
  const spec = await specNow(it);
  const id = `${spec.id}#${generation}`;
  function hide(text: string): string {
    return spec.personal === true ? hiddenText(spec.launch, text) : text;
  }
  return openListed({
    spec,
    id,
    signal,
    graceMs: () => it.graceMs,
    openLink: options.openLink,
    identity: options.hub,
    unseen: () => options.personal.unseen(spec.id),
    refused: () => (it.owner === null ? null : options.personal.refused(spec.id, it.owner.person)),
    answered: answeredBefore(it.lists.catalog()),
    messageLimit: options.messageLimit,
    now: options.now,
    elapsed: options.elapsed,
    // What another person's instance listed is not this one's.
    read: (instance, limit) => it.lists.read(instance, limit, it.known()),
    onLog: (level, source, text) => options.log(level, source, hide(text), id),
    onDownload: () => send(it, { type: 'downloading', generation }),
    onNotification: (method, params) => options.onNotification(method, params, hide),
    onClosed: (error) => ended(it, generation, error),
  });
}

function ended(it: Supervised, generation: number, error: LinkError | null): void {
  if (generation !== it.state.generation || it.state.phase !== 'running') return;
  const { options, current } = it;
  it.current = null;
  if (error?.code === 'session_lost' && options.elapsed() - it.forgottenAt >= forgetfulMs) {
    it.forgottenAt = options.elapsed();
    options.log('info', 'hub', 'The server forgot the session; a new one is opened', null);
    send(it, { type: 'forgotten', generation });
    return wake(it);
  }
  const why = error === null ? say('closedByServer') : whyOf(error);
  options.log('error', 'hub', textOf(why), null);
  const brief = current !== null && options.elapsed() - current.openedAt < briefMs;
  send(it, { type: 'ended', generation, error: why, brief, retryAt: retryAt(it, brief ? it.state.streak + 1 : 1) });
}

function close(it: Supervised): void {
  const { generation } = it.state;
  const { current, attempt, closing } = it;
  it.current = null;
  it.leaving = current;
  attempt?.controller.abort(new LinkError('closed', 'The start was given up'));
  it.closing = Promise.allSettled([closing, attempt?.done, current?.close({ graceMs: it.graceMs })]).then(() => {
    it.leaving = null;
    it.graceMs = defaultGraceMs;
    if (it.state.again && isUnowned(it)) send(it, { type: 'unowned', why: whyUnowned(it) });
    send(it, { type: 'closed', generation, at: it.options.now() });
  });
}

/** Waits until the state says whether there is an instance. */
function settled(it: Supervised, signal: CancelSignal | undefined): Promise<Instance> {
  return new Promise((resolve, reject) => {
    function finish(settle: () => void): void {
      it.waiters.delete(check);
      signal?.removeEventListener('abort', aborted);
      settle();
    }
    function check(): void {
      const instance = ready(it);
      if (instance !== null) return finish(() => resolve(instance));
      if (it.state.phase === 'error') return finish(() => reject(unavailable(it.options.spec(), it.state)));
      if (it.state.desired !== 'on') return finish(() => reject(notOn(it.options.spec())));
    }
    function aborted(): void {
      finish(() => reject(cancelled()));
    }
    it.waiters.add(check);
    signal?.addEventListener('abort', aborted, { once: true });
    if (signal?.aborted === true) aborted();
    else check();
  });
}

function ready(it: Supervised): Instance | null {
  return it.state.phase === 'running' && it.current?.alive() === true ? it.current : null;
}

/** Supervises a server's primary instance: performs what `next` asks for and feeds back what comes of it. */
export function createPrimary(options: PrimaryOptions): Primary {
  function shown(catalog: Catalog): Catalog {
    return options.spec().personal === true ? sharedLists(catalog) : catalog;
  }
  const lists = createLists({
    hub: options.hub,
    instance: () => ready(it),
    timeoutMs: () => options.spec().limits.startTimeoutMs,
    random: options.random,
    same: sameCatalog,
    onLog: (instance, level, text) => options.log(level, 'hub', text, instance.id),
    onChange(catalog) {
      options.onCatalog(shown(catalog));
      if (it.owner !== null) options.onOwned(it.owner, catalog);
    },
    onProblem: () => options.onState(it.state, it.state),
  });
  const it: Supervised = {
    options,
    lists,
    waiters: new Set(),
    state: initialState,
    current: null,
    owner: null,
    known() {
      const catalog = lists.catalog();
      return catalog && shown(catalog);
    },
    refused: new Set(),
    attempt: null,
    retry: undefined,
    leaving: null,
    closing: Promise.resolve(),
    graceMs: defaultGraceMs,
    triedAt: -Infinity,
    forgottenAt: -Infinity,
  };
  const primary: Primary = {
    state: () => it.state,
    instance: () => ready(it),
    catalog: it.known,
    listProblem: lists.problem,
    seed: lists.seed,
    adopt(instance, read) {
      it.current = instance;
      const generation = it.state.generation + 1;
      instance.handlers = {
        onNotification: (method, params) => options.onNotification(method, params, (text) => text),
        onClosed: (error) => ended(it, generation, error),
      };
      listenForChanges(instance, { ...options, onResumed: () => void lists.refresh() });
      lists.take(read);
      send(it, { type: 'adopted', at: instance.startedAt });
    },
    desire(desired, restart, deaths = null) {
      if (restart) it.refused.clear();
      send(it, { type: 'desired', desired, restart });
      if (deaths !== null) send(it, { type: 'held', error: heldBack, failures: deaths });
      wake(it);
    },
    sleep: () => send(it, { type: 'idle' }),
    ready: () => ready(it),
    owner: () => it.owner,
    reconsider() {
      const { owner, options: given } = it;
      const { id } = given.spec();
      const { phase, waitsFor } = it.state;
      const runs = phase === 'running' || phase === 'starting' || phase === 'error';
      const isOthers = phase === 'error' && owner?.person !== feederOf(it);
      if (runs && owner !== null && (isOthers || !isCurrent(given.personal, id, owner))) changeOwner(it);
      else if (waitsFor !== null) wake(it);
    },
    changeOwner: () => changeOwner(it),
    feeder: () => feederOf(it),
    ensure(signal) {
      const main = ready(it);
      if (main !== null) return Promise.resolve(main);
      if (it.state.desired !== 'on') return Promise.reject(notOn(options.spec()));
      if (it.state.phase === 'error') {
        const fresh = options.elapsed() - it.triedAt < demandMs;
        if (fresh || it.state.needsSignIn || it.state.held)
          return Promise.reject(unavailable(options.spec(), it.state));
        it.triedAt = options.elapsed();
      }
      wake(it);
      if (it.state.waitsFor !== null) return Promise.reject(notYetOwned(options.spec(), it.state.waitsFor));
      return settled(it, signal);
    },
    refresh: lists.refresh,
    async stop(graceMs) {
      it.graceMs = it.state.phase === 'stopping' ? Math.min(it.graceMs, graceMs) : graceMs;
      void it.leaving?.close({ graceMs }).catch(() => undefined);
      const desired = it.state.desired === 'disabled' ? 'disabled' : 'stopped';
      send(it, { type: 'desired', desired, restart: false });
      await it.closing;
    },
  };
  return primary;
}
