import type { ServerStatus } from '@switchboard/mcp-runtime/types';
import type { Action } from '../access/decide.ts';
import { may, type ActorContext } from '../access/require.ts';
import { personOf } from '../actor.ts';
import type { Ctx, HubServices } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { say } from '../reasons.ts';
import { expandLaunch } from './expand.ts';
import { emptyLaunch } from './kinds/kind.ts';
import { hasField, kinds } from './kinds/table.ts';
import { plainOfRow } from './plain-fields.ts';
import { containerOf, openEnv, openLaunch, serverResource, shownEnv, signInOf } from './queries.ts';
import { isUnreviewed } from './reviewed.ts';
import type { ServerRow } from './rows.ts';
import { secretMask, type Server, type ServerRights, type StatusWord } from './schema.ts';
import { limitsOf } from './spec.ts';
import { describePhase } from './state.ts';

export function rightsOf(ctx: ActorContext, row: Pick<ServerRow, 'id' | 'createdBy' | 'visibility'>): ServerRights {
  const resource = serverResource(row);
  function can(action: Action) {
    return may(ctx, action, resource);
  }
  return {
    logs: can('server.logs'),
    configure: can('server.configure'),
    operate: can('server.operate'),
    use: can('server.use'),
    remove: can('server.remove'),
    reveal: can('secret.reveal'),
    share: can('server.share'),
    give: can('server.give'),
  };
}

const untold = say('hidden');

/** Why a server fails may quote its command, its arguments and what it wrote: that is for who may read its log. */
export function visibleStatus(status: ServerStatus, mayReadLogs: boolean): ServerStatus {
  if (mayReadLogs || status.error === null) return status;
  return { ...status, error: untold.text, errorReason: untold, message: untold.text, messageReason: untold };
}

type StatusRow = Pick<ServerRow, 'id' | 'kind' | 'reviewed' | 'desired' | 'createdBy' | 'visibility'>;

/**
 * The status of the runtime, or the one that follows from the desired state where the runtime does not know the server
 * yet.
 */
export function statusOf(ctx: ActorContext & { hub: Pick<HubServices, 'runtime'> }, row: StatusRow): ServerStatus {
  const known = ctx.hub.runtime.status(row.id) ?? unknownStatus(row);
  const status = known.error === null ? known : visibleStatus(known, may(ctx, 'server.logs', serverResource(row)));
  if (row.desired === 'on') return status;
  const why = isUnreviewed(row)
    ? say('notReviewed')
    : say(row.desired === 'disabled' ? 'disabledByPerson' : 'stoppedByPerson');
  return status.phase === 'stopped' ? { ...status, message: why.text, messageReason: why, asleep: false } : status;
}

function unknownStatus(row: Pick<ServerRow, 'id' | 'desired'>): ServerStatus {
  const why = say('notStarted');
  return {
    id: row.id,
    phase: 'stopped',
    health: 'unknown',
    asleep: false,
    needsSignIn: false,
    message: why.text,
    messageReason: why,
    error: null,
    errorReason: null,
    pid: null,
    startedAt: null,
    lastStartAt: null,
    nextRetryAt: null,
    failures: 0,
    lastActivityAt: null,
    instances: 0,
    inFlight: 0,
    protocolVersion: null,
    serverInfo: null,
    toolCount: 0,
  };
}

/** Every word that fits a server now: its phase, and what sets it apart within it. */
export function statusWordsOf(row: Pick<ServerRow, 'desired'>, status: ServerStatus): StatusWord[] {
  const words: StatusWord[] = [describePhase(status)];
  if (row.desired === 'disabled') words.push('disabled');
  if (status.asleep) words.push('asleep');
  if (status.needsSignIn) words.push('needs-sign-in');
  return words;
}

function mask(map: Readonly<Record<string, string>>, shown: ReadonlySet<string> = new Set()): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, shown.has(name) ? value : secretMask]));
}

/** One server as this actor may see it: secret values masked, configuration absent for who may not configure. */
export function toServer(ctx: Ctx, row: ServerRow): Server {
  const can = rightsOf(ctx, row);
  return {
    id: row.id,
    name: row.name,
    ...plainOfRow(row),
    kind: row.kind,
    transport: kinds[row.kind].transport(containerOf(row)),
    ...(can.configure ? configOf(ctx, row) : hiddenConfig),
    isolation: row.isolation,
    missingSlots: [...ctx.hub.missingSlots(row.id, personOf(ctx.actor))],
    limits: limitsOf(row),
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    lastRestartAt: row.lastRestartAt,
    status: statusOf(ctx, row),
    can,
    calls: ctx.hub.stats.server(row.id),
  };
}

type Config = Pick<
  Server,
  | 'account'
  | 'app'
  | 'graph'
  | 'command'
  | 'args'
  | 'env'
  | 'cwd'
  | 'url'
  | 'headers'
  | 'container'
  | 'signIn'
  | 'secrets'
  | 'missing'
  | 'ownerName'
>;

const hiddenConfig: Config = { ...emptyLaunch, account: null, missing: [], ownerName: null };

function configOf(ctx: Ctx, row: ServerRow): Config {
  const { command, args, cwd, url, app, graph } = row;
  const launch = openLaunch(ctx.secrets, row);
  const { missing } = expandLaunch(launch, ctx.policy.envPassthrough);
  const shown = shownEnv(openEnv(ctx.secrets, row));
  const masked = { env: mask(launch.env, shown), headers: mask(launch.headers), secrets: mask(launch.secrets) };
  return {
    command,
    args,
    cwd,
    url,
    app,
    graph,
    ...masked,
    container: containerOf(row),
    signIn: signInOf(row),
    account: hasField(row.kind, 'account') ? row.account : null,
    missing,
    ownerName: ownerName(ctx, row.createdBy),
  };
}
