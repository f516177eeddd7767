import type { PolicyRules } from '@switchboard/docker';
import { checkContainer, foreignNames } from '@switchboard/docker/rules';
import type { ContainerLaunch } from '@switchboard/mcp-runtime/types';
import { may } from '../access/require.ts';
import { judge, requireAllowed } from '../containers/rules.ts';
import type { Ctx } from '../context.ts';
import type { Engines } from '../engines/contract.ts';
import { ownerOf, wholeEngine } from '../engines/owner.ts';
import { DomainError } from '../errors.ts';
import { refuseOddRegistry } from '../images/queries.ts';
import { say } from '../reasons.ts';
import { closedLimits, type ContainerSettings } from './container-settings.ts';

type Foreign = PolicyRules['foreign'];

function rulesOf({ policy }: Engines, engine: string, foreign: Foreign): PolicyRules {
  return {
    folder: null,
    allowedRoots: policy.allowedRoots,
    engineSockets: policy.engineSockets,
    granted: new Set(),
    foreign,
    realPath: (path) => policy.realPath(engine, path),
  };
}

/** Whether this actor may create a container server. Does not ask the engine: its objects are checked at the start. */
export function requireContainer(ctx: Ctx, settings: ContainerSettings): void {
  const { name } = ctx.docker.engines.get(settings.engine);
  if (!may(ctx, 'container.manage', wholeEngine(name)) && !may(ctx, 'server.run-process')) requireClosed(ctx, settings);
  const rules = rulesOf(ctx.docker.engines, name, { volumes: foreignNames(), networks: foreignNames() });
  requireAllowed(judge(ctx, checkContainer(toChecked(settings), rules)));
}

/**
 * Checks again right before a start: paths may lead elsewhere by now, and objects on the engine may have another owner.
 */
export async function checkLaunch(engines: Engines, launch: ContainerLaunch, signal: AbortSignal): Promise<void> {
  const { owner = null, unconfined = false } = launch.authority ?? {};
  if (unconfined) return;
  const { name, engine } = engines.get(launch.engine);
  function isForeign({ labels }: Labelled) {
    return ownerOf(labels) !== owner;
  }
  function names(items: readonly Labelled[]) {
    return foreignNames(items.filter(isForeign).map((item) => item.name));
  }
  const [volumes, networks, images] = await Promise.all([
    engine.volumes.list({ signal }),
    launch.network.kind === 'named' ? engine.networks.list({ signal }) : [],
    engine.images.list({ signal }),
  ]);
  const foreign = { volumes: names(volumes), networks: names(networks.filter(({ builtIn }) => !builtIn)) };
  const found = checkContainer(toChecked(launch), rulesOf(engines, name, foreign));
  requireAllowed({ found, refused: found });
  const tag = isTagged(launch.image) ? launch.image : `${launch.image}:latest`;
  const image = images.find((one) => one.tags.includes(tag) || one.id === launch.image);
  if (!image) await refuseOddRegistry(engines, launch.image);
  const built = image ? ownerOf(image.labels) : null;
  if (built === null || built === owner) return;
  throw new DomainError('forbidden', say('imageNotYours', { image: launch.image }));
}

/** Whether an image is named with its tag or digest. */
function isTagged(image: string): boolean {
  return image.includes('@') || image.lastIndexOf(':') > image.lastIndexOf('/');
}

interface Labelled {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** The parts of a server's container that the policy checks. */
function toChecked({ image, volumes = {}, network }: Pick<ContainerLaunch, 'image' | 'volumes' | 'network'>) {
  return {
    image,
    volumes,
    ...(network.kind === 'named' && { network: network.name }),
  };
}

/** Without the right to manage containers, a caller may run images that are open to everybody, and confined ones. */
function requireClosed(ctx: Ctx, settings: ContainerSettings): void {
  const { allowedImages } = ctx.policy;
  const { image, network, limits, volumes, user, engine, swarm } = settings;
  if (!allowedImages.some((pattern) => matchesImage(pattern, image))) {
    const which = allowedImages.length === 0 ? say('noneIs') : say('theseAre', { images: allowedImages.join(', ') });
    const details = { field: 'container.image', value: image, needs: 'container.manage' };
    throw new DomainError('forbidden', say('onlyAdminsAnyImage', { which }), details);
  }
  const open: [boolean, string][] = [
    [network.kind !== 'none' && !(network.kind === 'allow' && network.hosts.every(isName)), 'network'],
    [Object.keys(volumes).length > 0, 'volumes'],
    [user !== null && /^(?:root|0+)(?::|$)|^image$/.test(user), 'user'],
    [engine !== null, 'engine'],
    [swarm !== null, 'swarm'],
    [limits.cpus > closedLimits.cpus, 'limits.cpus'],
    [limits.memoryBytes > closedLimits.memoryBytes, 'limits.memoryBytes'],
    [limits.pids > closedLimits.pids, 'limits.pids'],
  ];
  const opened = open.filter(([is]) => is).map(([, field]) => field);
  if (opened.length === 0) return;
  throw new DomainError('forbidden', say('beyondDefaults', { fields: opened.join(', ') }), {
    field: `container.${opened[0] ?? ''}`,
    needs: 'container.manage',
  });
}

/** Addresses would lead past the check of where a name leads. */
function isName(host: string): boolean {
  return /[a-z]/i.test(host.replace(/:\d+$/, '')) && !host.startsWith('[');
}

/** `node:24`, `ghcr.io/acme/*`; a pattern without a tag means every tag. */
export function matchesImage(pattern: string, image: string): boolean {
  function plain(name: string) {
    return name.replace(/^docker\.io\/(?:library\/)?/, '');
  }
  const wanted = plain(pattern);
  const given = plain(image);
  if (wanted.endsWith('*')) return given.startsWith(wanted.slice(0, -1));
  return given === wanted || given.startsWith(`${wanted}:`) || given.startsWith(`${wanted}@`);
}
