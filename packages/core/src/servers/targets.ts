import { isDeepStrictEqual } from 'node:util';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { routingHeader } from '../slots/places.ts';
import { expandLaunch } from './expand.ts';
import { proxyEnv } from './kinds/remote.ts';
import { kinds } from './kinds/table.ts';
import {
  containerOf,
  openLaunch,
  openMap,
  secretColumns,
  serverResource,
  signInOf,
  type SecretColumn,
} from './queries.ts';
import type { ServerRow } from './rows.ts';
import { ContainerSettings, secretMask } from './schema.ts';

type Row = Omit<ServerRow, 'seq'>;

function routingHeaders(headers: Readonly<Record<string, string>>): Set<string> {
  return new Set(
    Object.entries(headers)
      .filter(([name]) => routingHeader.test(name))
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`),
  );
}

/**
 * The target of a server's secrets: every setting that decides where they go, as written and with `${NAME}` replaced.
 * For a program all start settings count: a variable or a file can lead it elsewhere as well as an argument.
 */
function targetOf(ctx: Ctx, row: Row): unknown {
  const launch = openLaunch(ctx.secrets, row);
  const expanded = expandLaunch(launch, ctx.policy.envPassthrough);
  const container = containerOf(row);
  const isProgram = kinds[row.kind].place !== 'elsewhere';
  const parts = [launch, expanded].map(({ command, args, cwd, url, headers, env, secrets }) => ({
    command,
    args,
    cwd,
    url,
    headers: routingHeaders(headers),
    // A proxy sees where a remote server's requests go, and over plain http what they hold.
    ...(isProgram ? { env, secrets } : { proxies: proxyEnv(env) }),
  }));
  // What a client of OAuth shows goes to whoever is named here.
  const { issuer = null, parameters = {} } = signInOf(row) ?? {};
  return { kind: row.kind, parts, container: container && ContainerSettings.parse(container), issuer, parameters };
}

/** Whether a server goes elsewhere than before: to another program, image or address, or to one started otherwise. */
export function goesElsewhere(ctx: Ctx, before: Row, next: Row): boolean {
  return !isDeepStrictEqual(targetOf(ctx, before), targetOf(ctx, next));
}

/**
 * Whether a server that goes elsewhere needs another account: the old one can read the memory and the home of what
 * ran under it, and with them the secrets that this caller may not see.
 */
export function mustLeaveAccount(ctx: Ctx, stored: ServerRow): boolean {
  return stored.ownUid !== null && !may(ctx, 'secret.reveal', serverResource(stored));
}

type Map = Readonly<Record<string, string>>;

/**
 * A caller who may manage a server but not see its secrets must not have them sent elsewhere: with another program or
 * address, the server needs every secret again.
 */
export function requireSecretsGiven(
  ctx: Ctx,
  stored: ServerRow,
  given: { [Field in SecretColumn]?: Map | undefined },
): void {
  const resource = serverResource(stored);
  if (may(ctx, 'secret.reveal', resource)) return;
  for (const field of secretColumns) {
    if (stored[field] === null) continue;
    const values = given[field];
    if (values && !Object.values(values).includes(secretMask)) continue;
    const names = Object.keys(openMap(ctx.secrets, stored, field)).join(', ');
    const { id } = stored;
    throw new DomainError('forbidden', say('secretsAnew', { id, field, names }), { field, value: id });
  }
}
