import type { CreateContainer as Spec, PolicyRules, Power, Violation } from '@switchboard/docker';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { resourceOf } from '../engines/owner.ts';
import { DomainError } from '../errors.ts';

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

/** What the actor may give to containers. */
export const grantedPowers = (ctx: Ctx): ReadonlySet<string> =>
  new Set<string>(may(ctx, 'container.unconfined') ? everyPower : []);

/** Volumes and networks of others; nothing is foreign to whoever sees all. */
const foreignObjects = async (ctx: Ctx, { engine }: ManagedEngine): Promise<PolicyRules['foreign']> => {
  const { signal } = ctx;
  const [volumes, networks] = await Promise.all([engine.volumes.list({ signal }), engine.networks.list({ signal })]);
  const others = (kind: 'volume' | 'network', items: readonly { name: string; labels: Record<string, string> }[]) =>
    new Set(items.filter(({ labels }) => !may(ctx, `${kind}.read`, resourceOf(kind, labels))).map(({ name }) => name));
  const named = networks.filter(({ builtIn }) => !builtIn);
  return { volumes: others('volume', volumes), networks: others('network', named) };
};

/** The rules by which this actor's containers are looked at. Nothing is granted: what is found is judged afterwards. */
export const rulesFor = async (ctx: Ctx, managed: ManagedEngine): Promise<PolicyRules> => {
  const { policy } = ctx.engines;
  return {
    folder: null,
    allowedRoots: policy.allowedRoots,
    engineSockets: policy.engineSockets,
    granted: new Set(),
    foreign: await foreignObjects(ctx, managed),
    realPath: (path) => policy.realPath(managed.name, path),
  };
};

/** What was found, and of that what the actor may not. */
export interface Judged {
  /** Everything that reaches out of the containers. */
  found: Violation[];
  refused: Violation[];
}

export const judge = (ctx: Ctx, found: Violation[]): Judged => {
  const granted = grantedPowers(ctx);
  return { found, refused: found.filter(({ rule }) => !granted.has(rule)) };
};

/** Throws with the name of everything that is refused. */
export const requireAllowed = ({ refused }: Judged): void => {
  if (refused.length === 0) return;
  const list = refused.map(({ rule, where, message }) => `${where} ${message} (${rule})`).join(' ');
  throw new DomainError('forbidden', `Nothing was started. ${list}`, { violations: refused });
};

/** Looks at one container before it is made. */
export const checkSpec = async (ctx: Ctx, managed: ManagedEngine, spec: Spec): Promise<void> => {
  requireAllowed(judge(ctx, ctx.engines.policy.checkContainer(spec, await rulesFor(ctx, managed))));
};
