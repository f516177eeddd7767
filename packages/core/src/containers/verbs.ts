import type { ContainerInfo, Containers } from '@switchboard/docker';
import type { Action } from '../access/actions.ts';
import { referenceTo } from '../access/resource-kinds.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { engineOf } from '../engines/owner.ts';
import { messageOf } from '../errors.ts';
import { forgetReferences } from '../keys/bounds-of-gone.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { requireContainer, seenContainers, toContainer, toDetails } from './queries.ts';
import {
  BulkContainers,
  ContainerRef,
  KillContainer,
  ListContainers,
  RemoveContainer,
  RenameContainer,
  StopContainer,
  UpdateContainer,
  type BulkAction,
  type BulkResult,
  type Container,
  type ContainerDetails,
  type ContainerPage,
} from './schema.ts';

function textOf({ id, name, image, project, service }: Container): string {
  return [id, name, image, project ?? '', service ?? ''].join('\n').toLowerCase();
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function sorted(items: Container[], { sort = 'created', order }: ListContainers): Container[] {
  const sign = (order ?? (sort === 'created' ? 'desc' : 'asc')) === 'asc' ? 1 : -1;
  return items.toSorted((a, b) => sign * compare(a[sort], b[sort]) || compare(a.id, b.id));
}

/** Containers the actor sees, stopped ones too. */
export const listContainers = verb(
  { name: 'container.read', access: 'read', input: ListContainers },
  async (ctx, input): Promise<ContainerPage> => {
    const managed = engineOf(ctx, input.engine);
    const seen = (await seenContainers(ctx, managed)).map((info) => toContainer(ctx, managed.name, info));
    const search = input.search?.trim().toLowerCase() ?? '';
    const found = seen.filter(
      (container) =>
        (search === '' || textOf(container).includes(search)) &&
        (input.status?.some((status) => status === container.status) ?? true) &&
        (input.project ?? container.project) === container.project,
    );
    const counts: Record<string, number> = {};
    for (const { status } of seen) counts[status] = (counts[status] ?? 0) + 1;
    const from = (input.page - 1) * input.limit;
    return { items: sorted(found, input).slice(from, from + input.limit), total: found.length, counts };
  },
);

/** The same with everything about each, as the documented API shows them. */
export const listContainerDetails = verb(
  { name: 'container.read', access: 'read', input: ListContainers.pick({ engine: true }) },
  async (ctx, input): Promise<ContainerDetails[]> => {
    const managed = engineOf(ctx, input.engine);
    return (await seenContainers(ctx, managed)).map((info) => toDetails(ctx, managed.name, info));
  },
);

export const getContainer = verb(
  { name: 'container.read', access: 'read', input: ContainerRef },
  async (ctx, input): Promise<ContainerDetails> => {
    const managed = engineOf(ctx, input.engine);
    return toDetails(ctx, managed.name, await requireContainer(ctx, managed, input.id));
  },
);

/** The engine's own description, untouched. */
export const inspectContainer = verb(
  { name: 'container.read', access: 'read', input: ContainerRef },
  async (ctx, input): Promise<Record<string, unknown>> => {
    const managed = engineOf(ctx, input.engine);
    const { id } = await requireContainer(ctx, managed, input.id);
    return await managed.engine.containers.inspect(id, { signal: ctx.signal });
  },
);

/** Carried out and written down even where nobody waits for it any more: no request's end takes it back. */
type Act = (containers: Containers, id: string, name: string) => Promise<ContainerInfo>;

/** Does one thing to one container and gives its state afterwards. */
async function operate(
  ctx: VerbCtx,
  input: ContainerRef,
  does: { action: Action; details: Record<string, unknown> },
  act: Act,
): Promise<ContainerDetails> {
  const managed = engineOf(ctx, input.engine);
  const { id, name } = await requireContainer(ctx, managed, input.id, does.action);
  const after = await act(managed.engine.containers, id, name);
  ctx.audit({ id, details: { engine: managed.name, name, ...does.details } });
  return toDetails(ctx, managed.name, after);
}

function operates(does: string, more: Record<string, unknown> = {}) {
  return { action: 'container.operate', details: { does, ...more } } as const;
}

/** Already running is fine. */
export const startContainer = verb(
  { name: 'container.operate', access: 'write', input: ContainerRef, tx: false },
  (ctx, input) => operate(ctx, input, operates('start'), (containers, id) => containers.start(id)),
);

export const stopContainer = verb(
  { name: 'container.operate', access: 'write', input: StopContainer, tx: false },
  (ctx, { graceMs, ...input }) =>
    operate(ctx, input, operates('stop'), (containers, id) =>
      containers.stop(id, graceMs === undefined ? {} : { graceMs }),
    ),
);

export const restartContainer = verb(
  { name: 'container.operate', access: 'write', input: StopContainer, tx: false },
  (ctx, { graceMs, ...input }) =>
    operate(ctx, input, operates('restart'), (containers, id) =>
      containers.restart(id, graceMs === undefined ? {} : { graceMs }),
    ),
);

export const pauseContainer = verb(
  { name: 'container.operate', access: 'write', input: ContainerRef, tx: false },
  (ctx, input) => operate(ctx, input, operates('pause'), (containers, id) => containers.pause(id)),
);

export const unpauseContainer = verb(
  { name: 'container.operate', access: 'write', input: ContainerRef, tx: false },
  (ctx, input) => operate(ctx, input, operates('unpause'), (containers, id) => containers.unpause(id)),
);

/** With SIGKILL, or the signal given. */
export const killContainer = verb(
  { name: 'container.operate', access: 'write', input: KillContainer, tx: false },
  (ctx, { signal: killSignal, ...input }) =>
    operate(ctx, input, operates('kill', { signal: killSignal ?? 'SIGKILL' }), (containers, id) =>
      containers.kill(id, killSignal === undefined ? {} : { killSignal }),
    ),
);

export const renameContainer = verb(
  { name: 'container.operate', access: 'write', input: RenameContainer, tx: false },
  async (ctx, { name, ...input }) => {
    let before = '';
    const renamed = await operate(ctx, input, operates('rename', { to: name }), (containers, id, known) => {
      before = known;
      return containers.rename(id, name);
    });
    // A key is confined to a name: the next container of that name is not the one that the key was made for.
    await forgetReferences(ctx, [referenceTo('container', renamed.engine, before)]);
    return renamed;
  },
);

/** Changes limits and restart policy, running or not. */
export const updateContainer = verb(
  { name: 'container.operate', access: 'write', input: UpdateContainer, tx: false },
  (ctx, { limits, restart, ...input }) => {
    const change = { ...(limits && { limits }), ...(restart !== undefined && { restart }) };
    return operate(ctx, input, operates('update', change), (containers, id) => containers.update(id, change));
  },
);

async function remove(
  ctx: VerbCtx,
  managed: ManagedEngine,
  reference: string,
  options: { force: boolean; volumes: boolean },
): Promise<void> {
  const { id, name } = await requireContainer(ctx, managed, reference, 'container.remove');
  await managed.engine.containers.remove(id, options);
  await forgetReferences(ctx, [referenceTo('container', managed.name, name)]);
  ctx.audit({ id, details: { engine: managed.name, name, ...options } });
}

export const removeContainer = verb(
  { name: 'container.remove', access: 'write', input: RemoveContainer, tx: false },
  async (ctx, { engine, id, ...options }): Promise<void> => remove(ctx, engineOf(ctx, engine), id, options),
);

const bulkAct: Record<Exclude<BulkAction, 'remove'>, Act> = {
  start: (containers, id) => containers.start(id),
  stop: (containers, id) => containers.stop(id),
  restart: (containers, id) => containers.restart(id),
  pause: (containers, id) => containers.pause(id),
  unpause: (containers, id) => containers.unpause(id),
  kill: (containers, id) => containers.kill(id),
};

const bulkAtOnce = 8;

/** Does the same to many, some at a time; one that fails stops none of the others. */
async function each(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  const left = ids.entries();
  async function worker() {
    for (const [index, id] of left) {
      try {
        await act(id);
        results[index] = { id, ok: true, message: null };
      } catch (error) {
        results[index] = { id, ok: false, message: messageOf(fromEngine(error)) };
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(bulkAtOnce, ids.length) }, worker));
  return results;
}

function only(ids: readonly string[]): { id?: string } {
  return ids.length === 1 && ids[0] ? { id: ids[0] } : {};
}

export const bulkContainers = verb(
  { name: 'container.operate', access: 'write', input: BulkContainers, tx: false },
  async (ctx, { engine, ids, action, force }): Promise<BulkResult[]> => {
    const managed = engineOf(ctx, engine);
    const once = [...new Set(ids)];
    const results = await (action === 'remove'
      ? each(once, (id) => remove(ctx, managed, id, { force, volumes: false }))
      : each(once, (id) => operate(ctx, { engine, id }, operates(action), bulkAct[action])));
    const failed = results.filter(({ ok }) => !ok).map(({ id }) => id);
    // Those that it was done to have rows of their own.
    if (failed.length > 0) ctx.audit({ ...only(failed), details: { engine: managed.name, does: action, failed } });
    return results;
  },
);
