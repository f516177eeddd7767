import type { CreateContainer as Spec, ForeignNames, PolicyRules, Power, Violation } from '@switchboard/docker';
import { checkContainer, foreignNames } from '@switchboard/docker/rules';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { resourceOf } from '../engines/owner.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { bindsOf, bindsOfSpec, nestedBinds } from './nested.ts';

/** Everything that can be granted on top of a closed-in container; a new one is a type error here. */
const powers: Readonly<Record<Power, true>> = {
  'host-paths': true,
  'engine-socket': true,
  privileged: true,
  capabilities: true,
  'host-network': true,
  'host-pid': true,
  'host-ipc': true,
  'host-namespaces': true,
  devices: true,
  'security-options': true,
  sysctls: true,
  'host-resources': true,
  runtime: true,
  logging: true,
  external: true,
  'remote-sources': true,
};
const everyPower = Object.keys(powers) as Power[];

/** The powers that the actor may give to containers. */
export function grantedPowers(ctx: Ctx): ReadonlySet<string> {
  return new Set<string>(may(ctx, 'container.unconfined') ? everyPower : []);
}

interface Named {
  id: string;
  name: string;
}

/** Names of others' networks, and every beginning of their ids: the engine takes these for a name where none fits. */
function networkNames(foreign: readonly Named[], own: readonly Named[]): ForeignNames {
  const ownNames = new Set(own.map(({ name }) => name));
  function isForeign(given: string): boolean {
    return (
      foreign.some(({ id }) => id === given) ||
      (!ownNames.has(given) && foreign.some(({ id, name }) => name === given || id.startsWith(given)))
    );
  }
  return { names: foreign.map(({ name }) => name), isForeign };
}

/** The volumes and networks of others; for a caller who sees all, none is foreign. */
async function foreignObjects(ctx: Ctx, { name: at, engine }: ManagedEngine): Promise<PolicyRules['foreign']> {
  const { signal } = ctx;
  const [volumes, networks] = await Promise.all([engine.volumes.list({ signal }), engine.networks.list({ signal })]);
  function isForeign(kind: 'volume' | 'network', found: { name: string; labels: Record<string, string> }) {
    return !may(ctx, `${kind}.read`, resourceOf(kind, at, found));
  }
  const foreign = networks.filter((network) => !network.builtIn && isForeign('network', network));
  return {
    volumes: foreignNames(volumes.filter((volume) => isForeign('volume', volume)).map(({ name }) => name)),
    networks: networkNames(
      foreign,
      networks.filter((network) => !foreign.includes(network)),
    ),
  };
}

/**
 * The rules of the policy for this actor's containers. Nothing is granted in them: violations are judged afterwards.
 */
export async function rulesFor(ctx: Ctx, managed: ManagedEngine): Promise<PolicyRules> {
  const { policy } = ctx.docker.engines;
  return {
    folder: null,
    allowedRoots: policy.allowedRoots,
    engineSockets: policy.engineSockets,
    granted: new Set(),
    foreign: await foreignObjects(ctx, managed),
    realPath: (path) => policy.realPath(managed.name, path),
  };
}

/** The violations, and those of them that the actor has no right to. */
export interface PolicyResult {
  /** Everything that reaches out of the containers. */
  found: Violation[];
  refused: Violation[];
}

export function judge(ctx: Ctx, found: Violation[]): PolicyResult {
  const granted = grantedPowers(ctx);
  return { found, refused: found.filter(({ rule }) => !granted.has(rule)) };
}

/** Throws with the name of everything that is refused. */
export function requireAllowed({ refused }: PolicyResult): void {
  if (refused.length === 0) return;
  const list = refused.map(({ rule, where, message }) => `${where} ${message} (${rule})`).join(' ');
  throw new DomainError('forbidden', say('nothingStarted', { violations: list }), { violations: refused });
}

/** Looks at one container before it is made. */
export async function checkSpec(ctx: Ctx, managed: ManagedEngine, spec: Spec): Promise<void> {
  const rules = await rulesFor(ctx, managed);
  const binds = bindsOfSpec(spec, rules.realPath);
  const others = binds.length === 0 ? [] : bindsOf(await managed.engine.containers.list({ signal: ctx.signal }));
  requireAllowed(judge(ctx, [...checkContainer(spec, rules), ...nestedBinds(binds, others)]));
}
