import type { ContainerLaunch, Launch, ServerSpec } from '@switchboard/mcp-runtime/types';
import { DomainError } from '../errors.ts';
import type { Policy } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import { expandLaunch, type Expandable } from './expand.ts';
import { proxyEnv } from './proxy-env.ts';
import { containerOf, openEnv, openLaunch, shownEnv } from './queries.ts';
import type { ServerRow } from './rows.ts';
import { ServerLimits } from './schema.ts';

type SpecPolicy = Pick<Policy, 'allowPrivateUrls' | 'envPassthrough' | 'childSecrets'>;
type Row = Omit<ServerRow, 'seq'>;

/** What the runtime needs to run a server, with secrets open and names replaced; and the values nobody may see. */
export function toSpec(
  row: Row,
  secrets: Secrets,
  policy: SpecPolicy,
): { spec: ServerSpec; missing: string[]; secrets: string[] } {
  const launch = openLaunch(secrets, row);
  const { missing, ...expanded } = expandLaunch(launch, policy.envPassthrough);
  const spec: ServerSpec = {
    id: row.id,
    revision: row.revision,
    desired: row.desired,
    isolation: row.isolation,
    limits: limitsOf(row),
    launch: toLaunch(row, expanded, policy),
  };
  const shown = shownEnv(openEnv(secrets, row));
  // What a variable takes from somewhere else is not shown: there it stands as the name it is taken by.
  function isShown(name: string) {
    return shown.has(name) && expanded.env[name] === launch.env[name];
  }
  const env = Object.entries(expanded.env).flatMap(([name, value]) => (isShown(name) ? [] : value));
  const handedOn = row.kind === 'stdio' ? (policy.childSecrets ?? []) : [];
  return {
    spec,
    missing,
    secrets: [...env, ...handedOn, ...[expanded.headers, expanded.secrets].flatMap(Object.values<string>)],
  };
}

function toLaunch(row: Row, expanded: Expandable, policy: SpecPolicy): Launch {
  const { command, args, env, cwd, url, headers } = expanded;
  switch (row.kind) {
    case 'stdio':
      return {
        kind: row.kind,
        command: command ?? '',
        args,
        env,
        cwd,
        ...(policy.childSecrets && { hidden: policy.childSecrets }),
        ownUid: row.account === 'own' ? row.ownUid : null,
      };
    case 'container':
      return toContainer(row, expanded);
    default: {
      const allowPrivate = row.allowPrivate || policy.allowPrivateUrls;
      // Only who may run processes sets them, and whoever last said where the server is was one.
      const proxies = row.allowPrivate ? proxyEnv(env) : {};
      const isOwn = Object.keys(proxies).length > 0;
      return { kind: row.kind, url: url ?? '', headers, allowPrivate, ...(isOwn && { proxies }) };
    }
  }
}

function toContainer(row: Row, { command, args, env, cwd, headers, secrets }: Expandable): ContainerLaunch {
  const kept = containerOf(row);
  if (!kept) throw new DomainError('internal', `Server '${row.id}' has no container settings.`);
  const { transport, entrypoint, user, swarm } = kept;
  return {
    kind: 'container',
    engine: kept.engine,
    authority: kept.authority,
    image: kept.image,
    command: command === null ? args : [command, ...args],
    env,
    secrets,
    transport: transport.kind === 'http' ? { ...transport, headers } : transport,
    network: kept.network,
    volumes: kept.volumes,
    limits: kept.limits,
    readOnly: kept.readOnly,
    pull: kept.pull,
    ...(entrypoint !== null && { entrypoint }),
    ...(user !== null && { user }),
    ...(cwd !== null && { workingDir: cwd }),
    ...(swarm !== null && { swarm }),
  };
}

export function limitsOf(row: Pick<ServerRow, 'limits'>): ServerLimits {
  return ServerLimits.parse(row.limits);
}
