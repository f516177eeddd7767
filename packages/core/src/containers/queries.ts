import type { ContainerInfo } from '@switchboard/docker';
import { serviceLabel } from '@switchboard/docker/rules';
import type { Action } from '../access/actions.ts';
import { may } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import {
  ownerLabel,
  ownerName,
  ownerOf,
  projectOf,
  requireOn,
  resourceOf,
  seesAll,
  seesOthers,
} from '../engines/owner.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Container, ContainerDetails } from './schema.ts';

const serverLabel = 'switchboard.server';

export function absentContainer(id: string): DomainError {
  return new DomainError('not_found', say('noContainer', { id }), { value: id });
}

export function toDetails(ctx: Ctx, engine: string, info: ContainerInfo): ContainerDetails {
  const { labels } = info;
  const owner = ownerOf(labels);
  return {
    ...info,
    engine,
    owner,
    ownerName: ownerName(ctx, owner),
    project: projectOf(labels) ?? null,
    service: labels[serviceLabel] ?? null,
    server: labels[serverLabel] ?? null,
  };
}

export function toContainer(ctx: Ctx, engine: string, info: ContainerInfo): Container {
  const { environment: _environment, ...rest } = toDetails(ctx, engine, info);
  return rest;
}

/** An engine that hangs is given less time than one that works, because a person waits for a list. */
const readTimeoutMs = 15_000;

/** Every container that the actor sees. */
export async function seenContainers(ctx: Ctx, { name, engine }: ManagedEngine): Promise<ContainerInfo[]> {
  const options = { signal: ctx.signal, timeoutMs: readTimeoutMs };
  const own = seesOthers(ctx, 'container') ? {} : { labels: [`${ownerLabel}=${userIdOf(ctx.actor) ?? ''}`] };
  const found = await engine.containers.list({ ...options, ...own });
  return found.filter((info) => may(ctx, 'container.read', resourceOf('container', name, info)));
}

/** Where the beginning of an id matches several containers, the one that the actor sees is meant. */
async function findAmongOwn(ctx: Ctx, managed: ManagedEngine, reference: string): Promise<ContainerInfo> {
  const own = (await seenContainers(ctx, managed)).filter(({ id }) => id.startsWith(reference));
  const [only] = own;
  if (own.length === 1 && only) return only;
  throw absentContainer(reference);
}

async function read(ctx: Ctx, managed: ManagedEngine, reference: string): Promise<ContainerInfo> {
  try {
    return await managed.engine.containers.get(reference, { signal: ctx.signal, timeoutMs: readTimeoutMs });
  } catch (thrown) {
    const error = fromEngine(thrown);
    if (!isDomainError(error)) throw error;
    if (error.code === 'not_found') throw absentContainer(reference);
    if (error.code === 'conflict' && !seesAll(ctx, 'container')) return await findAmongOwn(ctx, managed, reference);
    throw error;
  }
}

/** A container by id, beginning of an id, or name; absent where the actor may not see it. */
export async function requireContainer(
  ctx: Ctx,
  managed: ManagedEngine,
  reference: string,
  action: Action = 'container.read',
): Promise<ContainerInfo> {
  const info = await read(ctx, managed, reference);
  requireOn(ctx, action, resourceOf('container', managed.name, info), () => absentContainer(reference));
  return info;
}
