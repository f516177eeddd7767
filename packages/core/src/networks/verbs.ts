import type { NetworkInfo, PruneResult } from '@switchboard/docker';
import type { Action } from '../access/actions.ts';
import { may } from '../access/require.ts';
import { referenceTo } from '../access/resource-kinds.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import {
  checkOwnLabels,
  engineOf,
  ownerLabels,
  ownerName,
  ownerOf,
  projectOf,
  requireMaking,
  requireOn,
  requirePrunable,
  resourceOf,
  seesAll,
} from '../engines/owner.ts';
import { OnEngine } from '../engines/schema.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { forgetReferences } from '../keys/bounds-of-gone.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { CreateNetwork, ListNetworks, NetworkRef, PruneNetworks, type Network } from './schema.ts';

function toNetwork(ctx: Ctx, engine: string, info: NetworkInfo): Network {
  const owner = ownerOf(info.labels);
  const project = projectOf(info.labels) ?? null;
  // The containers of other people on a shared network are not shown.
  const containers = info.builtIn && !seesAll(ctx, 'container') ? [] : info.containers;
  return { ...info, containers, engine, owner, ownerName: ownerName(ctx, owner), project };
}

function networkResource(engine: string, network: NetworkInfo) {
  return resourceOf('network', engine, network, network.builtIn);
}

function absentNetwork(network: string): DomainError {
  return new DomainError('not_found', say('noNetwork', { network }), { value: network });
}

async function requireNetwork(
  ctx: Ctx,
  { name, engine }: ManagedEngine,
  network: string,
  action: Action = 'network.read',
): Promise<NetworkInfo> {
  const found = await engine.networks.get(network, { signal: ctx.signal }).catch((thrown: unknown) => {
    const error = fromEngine(thrown);
    throw isDomainError(error) && error.code === 'not_found' ? absentNetwork(network) : error;
  });
  requireOn(ctx, action, networkResource(name, found), () => absentNetwork(network));
  return found;
}

/** The engine's own networks, and the actor's. */
export const listNetworks = verb(
  { name: 'network.read', access: 'read', input: ListNetworks },
  async (ctx, input): Promise<Network[]> => {
    const { name, engine } = engineOf(ctx, input.engine);
    const search = input.search?.trim().toLowerCase() ?? '';
    return (await engine.networks.list({ signal: ctx.signal }))
      .filter((network) => may(ctx, 'network.read', networkResource(name, network)))
      .filter((network) => network.name.toLowerCase().includes(search))
      .map((network) => toNetwork(ctx, name, network))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  },
);

/** One network with the containers on it. */
export const getNetwork = verb(
  { name: 'network.read', access: 'read', input: NetworkRef },
  async (ctx, input): Promise<Network> => {
    const managed = engineOf(ctx, input.engine);
    return toNetwork(ctx, managed.name, await requireNetwork(ctx, managed, input.network));
  },
);

/** Other drivers put containers into the host's own network. */
function checkDriver(ctx: Ctx, driver = 'bridge'): void {
  if (driver === 'bridge' || driver === 'overlay' || may(ctx, 'container.unconfined')) return;
  throw new DomainError('forbidden', say('driverReachesHost', { driver }));
}

/** The host sends what goes to a subnet into the network: one that is somebody's already would be taken away from all. */
function checkSubnet(ctx: Ctx, subnet: string | undefined): void {
  if (subnet === undefined || may(ctx, 'container.unconfined')) return;
  throw new DomainError('forbidden', say('subnetChangesHost', { subnet }));
}

export const createNetwork = verb(
  { name: 'network.create', access: 'write', input: CreateNetwork, tx: false },
  async (ctx, { engine, ...input }): Promise<Network> => {
    const managed = engineOf(ctx, engine);
    requireMaking(ctx, 'network.create', 'network', managed.name);
    checkDriver(ctx, input.driver);
    checkSubnet(ctx, input.subnet);
    checkOwnLabels(input.labels);
    const labels = { ...input.labels, ...ownerLabels(ctx.actor) };
    const made = await managed.engine.networks.create({ ...input, labels });
    ctx.audit({ id: made.id, details: { engine: managed.name, name: made.name, driver: made.driver } });
    return toNetwork(ctx, managed.name, made);
  },
);

export const removeNetwork = verb(
  { name: 'network.remove', access: 'write', input: NetworkRef, tx: false },
  async (ctx, { engine, network }): Promise<void> => {
    const managed = engineOf(ctx, engine);
    const { id, name } = await requireNetwork(ctx, managed, network, 'network.remove');
    await managed.engine.networks.remove(id);
    await forgetReferences(ctx, [referenceTo('network', managed.name, name)]);
    ctx.audit({ id, details: { engine: managed.name, name } });
  },
);

async function prunable(ctx: Ctx, { name, engine }: ManagedEngine): Promise<NetworkInfo[]> {
  const items = await engine.networks.previewPrune({ signal: ctx.signal });
  return items.filter((network) => may(ctx, 'network.remove', networkResource(name, network)));
}

/** The networks that pruning would remove: those of the actor that no container names. */
export const previewPruneNetworks = verb(
  { name: 'network.read', access: 'read', input: OnEngine },
  async (ctx, input): Promise<{ items: Network[] }> => {
    const managed = engineOf(ctx, input.engine);
    return { items: (await prunable(ctx, managed)).map((network) => toNetwork(ctx, managed.name, network)) };
  },
);

/** Removes these of the unused networks, and no other. */
export const pruneNetworks = verb(
  { name: 'network.remove', access: 'write', input: PruneNetworks, tx: false },
  async (ctx, { engine, ids }): Promise<PruneResult> => {
    const managed = engineOf(ctx, engine);
    const unused = await prunable(ctx, managed);
    requirePrunable(
      ids,
      unused.map(({ id }) => id),
      'noUnusedNetwork',
    );
    const result = await managed.engine.networks.prune(ids);
    const names = new Map(unused.map(({ id, name }) => [id, name]));
    const gone = result.removed.flatMap((id) => names.get(id) ?? []);
    await forgetReferences(
      ctx,
      gone.map((name) => referenceTo('network', managed.name, name)),
    );
    for (const id of result.removed) {
      ctx.audit({ id, details: { engine: managed.name, name: names.get(id), prune: true } });
    }
    return result;
  },
);
