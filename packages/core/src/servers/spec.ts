import type { Launch, ServerSpec, SignInSettings } from '@switchboard/mcp-runtime/types';
import type { Policy } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import { asksPeople, signInWayOf } from '../sign-ins/way.ts';
import { expandLaunch, type Expandable } from './expand.ts';
import { kinds } from './kinds/table.ts';
import { containerOf, openEnv, openLaunch, shownEnv, signInOf } from './queries.ts';
import type { ServerRow } from './rows.ts';
import { ServerLimits, usualSignIn, type SignInWay } from './schema.ts';

type SpecPolicy = Pick<Policy, 'allowPrivateUrls' | 'envPassthrough' | 'childSecrets'>;
type Row = Omit<ServerRow, 'seq'>;

/**
 * The spec with which the runtime runs a server, with secrets decrypted and names replaced, and the values that nobody
 * may see.
 */
export function toSpec(
  row: Row,
  secrets: Secrets,
  policy: SpecPolicy,
): { spec: ServerSpec; missing: string[]; secrets: string[]; signIn: SignInSettings; way: SignInWay } {
  const launch = openLaunch(secrets, row);
  const { missing, ...expanded } = expandLaunch(launch, policy.envPassthrough);
  const spec: ServerSpec = {
    id: row.id,
    revision: row.revision,
    desired: row.desired,
    isolation: row.isolation,
    ...((row.slots.length > 0 || asksPeople(row)) && { personal: true as const }),
    limits: limitsOf(row),
    launch: toLaunch(row, expanded, policy),
  };
  const shown = shownEnv(openEnv(secrets, row));
  // A variable that is taken from elsewhere is not shown: the name it is taken by stands there.
  function isShown(name: string) {
    return shown.has(name) && expanded.env[name] === launch.env[name];
  }
  const env = Object.entries(expanded.env).flatMap(([name, value]) => (isShown(name) ? [] : value));
  const handedOn = kinds[row.kind].place === 'machine' ? (policy.childSecrets ?? []) : [];
  return {
    spec,
    missing,
    signIn: toSignIn(row, expanded.secrets),
    way: signInWayOf(row),
    secrets: [...env, ...handedOn, ...[expanded.headers, expanded.secrets].flatMap(Object.values<string>)],
  };
}

function toLaunch(row: Row, expanded: Expandable, policy: SpecPolicy): Launch {
  return kinds[row.kind].launch({
    ...expanded,
    container: containerOf(row),
    app: row.app,
    reviewed: row.reviewed,
    graph: row.graph,
    ownUid: row.account === 'own' ? row.ownUid : null,
    allowPrivate: row.allowPrivate || policy.allowPrivateUrls,
    // Only callers who may run processes set them, and the person who last set the address of the server was one.
    ownProxies: row.allowPrivate,
    childSecrets: policy.childSecrets,
  });
}

/** How the hub is a client of whoever signs people in to the server. */
function toSignIn(row: Row, secrets: Readonly<Record<string, string>>): SignInSettings {
  const { who, ...settings } = signInOf(row) ?? usualSignIn;
  return {
    ...settings,
    flow: who === 'hub' ? 'client' : 'person',
    clientSecret: secrets['client_secret'] ?? null,
    privateKey: secrets['private_key'] ?? null,
  };
}

export function limitsOf(row: Pick<ServerRow, 'limits'>): ServerLimits {
  return ServerLimits.parse(row.limits);
}
