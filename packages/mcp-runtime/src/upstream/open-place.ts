import { sameOffer } from '../catalog.ts';
import type { Catalog, JsonObject, ServerSpec } from '../types.ts';
import { listenForChanges } from './change-stream.ts';
import { describeFailure } from './failures.ts';
import { canBeAsked } from './handshake.ts';
import { hiddenText } from './hidden.ts';
import type { Instance } from './instance.ts';
import { createLists, type Lists } from './lists.ts';
import { readLogMessage } from './log-message.ts';
import type { Offers } from './offers.ts';
import { openAnyWay } from './open-any-way.ts';
import { throwIfEnded } from './open-listed.ts';
import { specFor } from './owned.ts';
import { Owner } from './owners.ts';
import type { PersonLists } from './person-lists.ts';
import type { Need, InstanceKey } from './places.ts';
import type { Pool } from './pool.ts';
import { limitStart } from './start-limit.ts';
import type { Primary } from './supervised.ts';
import type { UpstreamOptions } from './upstream-options.ts';

/** What changes of a server while it is here. */
export interface UpstreamFields {
  readonly options: UpstreamOptions;
  readonly id: string;
  spec: ServerSpec;
  counter: number;
  lastActivityAt: number | null;
}

/** Puts a server's own log message into the hub's log of it. */
export function logMessage({ options, id }: UpstreamFields, params: JsonObject, hide: (text: string) => string): void {
  const { level, text } = readLogMessage(params);
  options.onLog(id, level, 'mcp', hide(text), null);
}

/** The lists of an instance that is not the primary: it may offer other things, to its owner alone. */
function ownLists(
  parts: UpstreamFields,
  known: Catalog | null,
  onChange: (catalog: Catalog) => void,
  instance: () => Instance | null,
): Lists {
  const { options } = parts;
  const lists = createLists({
    hub: options.hub,
    random: options.random,
    instance: () => (instance()?.alive() === true ? instance() : null),
    timeoutMs: () => parts.spec.limits.startTimeoutMs,
    same: sameOffer,
    onLog: () => undefined,
    onChange,
    onProblem: () => undefined,
  });
  if (known !== null) lists.seed(known);
  return lists;
}

/** What the instances of a server stand among. */
export interface UpstreamParts {
  primary: Primary;
  pool: Pool;
  offers: Offers;
  persons: PersonLists;
  /** By instance whose client can be asked, or that a person's callers share: its lists have been read, and noted. */
  listed: WeakMap<Instance, Promise<void>>;
}

/** The lists of a place, told to its owner; what a client that can be asked is offered stays known. */
function placeLists(
  parts: UpstreamFields,
  around: UpstreamParts,
  { place, need }: { place: InstanceKey; need: Need },
  current: () => Instance | null,
) {
  const { credential, identity } = need;
  const owner = place.owner();
  const isPersons = owner === Owner.person(need.person);
  const able = canBeAsked(identity.capabilities) ? Owner.able(credential, identity.capabilities) : null;
  function tell(catalog: Catalog | null): void {
    if (isPersons) return around.persons.note({ person: need.person, stamp: place.stamp ?? '' }, catalog);
    parts.options.onOwnCatalog(parts.id, owner, catalog);
  }
  const lists = ownLists(parts, around.primary.catalog(), tell, current);
  return {
    refresh: () => void lists.refresh(),
    /** Many servers offer more to a client that can be asked, and tell of it too early or not at all. */
    begin(instance: Instance) {
      // What a person's credentials let a server offer may differ from what the primary's owner is offered.
      if (able === null && !isPersons) return lists.catchUp();
      const first = lists.refresh().then(() => {
        const catalog = lists.catalog();
        if (catalog === null || !instance.alive()) return;
        if (able !== null) around.offers.note(able, catalog);
        else tell(sameOffer(around.primary.catalog(), catalog) ? null : catalog);
      });
      around.listed.set(instance, first);
    },
    ended() {
      if (owner === able) around.offers.revert(owner);
      else if (!isPersons) tell(null);
    },
  };
}

/** Opens an instance besides the primary. */
export async function openPlace(
  parts: UpstreamFields,
  around: UpstreamParts,
  { place, need, dropped }: { place: InstanceKey; need: Need; dropped: AbortSignal },
): Promise<Instance> {
  const { options } = parts;
  const id = `${parts.id}+${++parts.counter}`;
  const isPersonal = place.stamp !== null;
  const spec = isPersonal ? await specFor(options.personal, parts.spec, need.person) : parts.spec;
  function hide(text: string): string {
    return isPersonal ? hiddenText(spec.launch, text) : text;
  }
  const limit = limitStart(dropped, place.limitMs, spec.launch);
  let instance: Instance | null = null;
  const { refresh, begin, ended } = placeLists(parts, around, { place, need }, () => instance);
  let opened: Instance;
  try {
    opened = await openAnyWay({
      spec,
      id,
      openLink: options.openLink,
      identity: need.identity,
      eras: place.era === null ? null : [place.era],
      client: place.own ? need.client : null,
      messageLimit: options.messageLimit,
      now: options.now,
      elapsed: options.elapsed,
      signal: limit.signal,
      unseen: () => options.personal.unseen(parts.id),
      refused: () => (isPersonal ? options.personal.refused(parts.id, need.person) : null),
      onDownload: limit.more,
      onLog: (level, source, text) => options.onLog(spec.id, level, source, hide(text), id),
      onNotification(method, params) {
        if (method === 'notifications/message') return logMessage(parts, params, hide);
        if (method.endsWith('/list_changed')) return refresh();
        instance?.client?.notify(method, params);
        for (const watcher of instance?.watchers ?? []) watcher.notify(method, params);
      },
      onClosed() {
        if (instance !== null) around.pool.forget(instance);
        ended();
      },
    });
  } finally {
    limit.done();
  }
  instance = opened;
  if (place.own) await prepare(opened, parts, need);
  listenForChanges(opened, { ...options, onResumed: refresh });
  begin(opened);
  return opened;
}

/** Sets up what the session had on the instance before; a server that refuses is used all the same. */
async function prepare(instance: Instance, { options, id }: UpstreamFields, need: Need): Promise<void> {
  try {
    await need.onOpened(instance);
  } catch (error) {
    const text = `A new connection was not set up as before: ${describeFailure(error)}`;
    options.onLog(id, 'warn', 'hub', text, instance.id);
  }
  throwIfEnded(instance);
}
