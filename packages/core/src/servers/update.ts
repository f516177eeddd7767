import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { endGrants } from '../sign-ins/end-grants.ts';
import { forgetUpstream } from '../sign-ins/store.ts';
import { forgetWhereMoved } from '../slots/forget.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { usualAccount, withUid } from './accounts.ts';
import { keepVersion, stateOf } from './describe.ts';
import { checkWhole, definedOnly, keptContainer, requireCreate, requireKind, requireShown, unmask } from './draft.ts';
import { emptyLaunch } from './kinds/kind.ts';
import { hasField, ownersOf } from './kinds/table.ts';
import { lockNames, nameKey, requireNameFree } from './names.ts';
import { requireOwnProxies } from './proxy-env.ts';
import {
  absentServer,
  containerOf,
  keptEnv,
  lockServer,
  openEnv,
  openMap,
  requireServer,
  sealEnv,
  sealMap,
  secretColumns,
  serverResource,
} from './queries.ts';
import { requireReviewed } from './reviewed.ts';
import type { ServerRow } from './rows.ts';
import { UpdateServer, type Server, type ServerPatch } from './schema.ts';
import { goesElsewhere, mustLeaveAccount, requireSecretsGiven } from './targets.ts';
import { toServer } from './view.ts';

/** Fields that go into the spec besides `desired`: a change of one restarts the server. */
const launchNames = Object.keys(emptyLaunch) as (keyof typeof emptyLaunch)[];
const launchFields = ['kind', ...launchNames, 'account'] as const;
const credentialFields = new Set(['headers', 'env', 'secrets', 'signIn']);
const specFields = [...launchFields, 'isolation', 'slots', 'limits', 'allowPrivate'] as const;

/** Changes what is given; the rest keeps its value. */
export const updateServer = verb(
  { name: 'server.configure', access: 'write', input: UpdateServer },
  async (ctx, { id, patch }): Promise<Server> => {
    const was = await stateOf(ctx, (await requireServer(ctx, id)).id);
    const { row, changed } = await changeServer(ctx, { id, patch });
    ctx.audit({ id: row.id, details: { changed } });
    if (changed.length > 0) await keepVersion(ctx, row.id, { was });
    return toServer(ctx, row);
  },
);

/** Applies a patch within a verb that audits it and stores the version. */
export async function changeServer(
  ctx: VerbCtx,
  { id, patch }: { id: string; patch: ServerPatch },
): Promise<{ row: ServerRow; changed: string[] }> {
  const found = await requireServer(ctx, id);
  requireRight(ctx, 'server.configure', serverResource(found), () => absentServer(id));
  // Names before rows, as where servers are made: two writers never wait for each other.
  if (patch.name !== undefined) await lockNames(ctx);
  const before = await lockServer(ctx, found.id);
  let next = withAccount(ctx, before, patched(ctx, before, patch), patch);
  const elsewhere = goesElsewhere(ctx, before, next);
  if (elsewhere) {
    requireOwnProxies(ctx, next, openMap(ctx.secrets, next, 'env'));
    next.allowPrivate = may(ctx, 'server.run-process');
  }
  const changed = changedFields(ctx, before, next);
  if (changed.length === 0) return { row: before, changed };
  if (nameKey(next.name) !== nameKey(before.name)) await requireNameFree(ctx, next);
  if (changed.some((field) => launchFields.some((name) => name === field))) {
    requireKind(ctx, before.kind);
    checkWhole(ctx, next);
    const container = containerOf(next);
    requireCreate(ctx, { kind: next.kind, container });
    await requireShown(ctx, next);
    if (container) next.container = { ...keptContainer(ctx, container, container.process) };
    if (elsewhere && mustLeaveAccount(ctx, before)) leaveAccount(ctx, next);
    next = await withUid(ctx, next);
  }
  if (changed.includes('slots') || changed.includes('isolation')) checkWhole(ctx, next);
  requireForChange(ctx, before, patch, changed);
  if (elsewhere) requireSecretsGiven(ctx, before, patch);
  // Other credentials may be what it wanted.
  if (elsewhere || changed.some((field) => credentialFields.has(field))) next.asksSignIn = null;
  if (changed.some((field) => specFields.some((name) => name === field))) next.revision = newId();
  const now = new Date(ctx.clock.now());
  // What people signed in with is for the address that they signed in to, and for nobody who moves the server.
  if (elsewhere) await endGrants(ctx, eq(tables.upstreamGrants.serverId, before.id));
  if (elsewhere || changed.includes('signIn') || changed.includes('secrets')) {
    await forgetUpstream(ctx, before.id, { moved: elsewhere, now });
  }
  const { seq: _seq, ...values } = next;
  const [row] = await ctx.db
    .update(tables.servers)
    .set({ ...values, updatedAt: now })
    .where(eq(tables.servers.id, before.id))
    .returning();
  if (!row) throw absentServer(id);
  await forgetWhereMoved(ctx, before, row);
  ctx.emit({ type: 'server.changed', id: row.id });
  return { row, changed };
}

/** Takes the account from a server; what runs under it ends, and its home goes, once the change is in force. */
function leaveAccount(ctx: VerbCtx, next: ServerRow): void {
  const { ownUid } = next;
  next.ownUid = null;
  if (ownUid !== null) ctx.afterwards(() => ctx.hub.accounts.release(ownUid));
}

/** Checks the rights that a change needs beside the right to configure. */
function requireForChange(ctx: VerbCtx, before: ServerRow, patch: ServerPatch, changed: readonly string[]): void {
  const resource = serverResource(before);
  if (changed.includes('desired')) requireRight(ctx, 'server.operate', resource);
  if (changed.includes('desired') && patch.desired !== 'disabled') requireReviewed(before);
  if (changed.includes('visibility')) requireRight(ctx, 'server.share', resource);
  if (changed.includes('visibility') && patch.visibility === 'everyone') requireRight(ctx, 'server.publish');
}

function patched(ctx: VerbCtx, before: ServerRow, patch: ServerPatch): ServerRow {
  const { env, headers, secrets, container, limits, ...plain } = patch;
  const isOther = patch.kind !== undefined && patch.kind !== before.kind;
  if (isOther && [patch.kind, before.kind].includes('generated')) throw invalidField('kind', say('generatedStays'));
  const next: ServerRow = { ...before };
  for (const [field, value] of Object.entries(plain)) {
    if (value !== undefined) Object.assign(next, { [field]: value });
  }
  if (next.kind !== before.kind) {
    clearForKind(next, patch);
    // Files of a container are no secrets of a client.
    if (hasField(next.kind, 'signIn') !== hasField(before.kind, 'signIn')) next.secrets = null;
  }
  if (env !== undefined) {
    const { values, shown } = openEnv(ctx.secrets, before);
    next.env = sealEnv(ctx.secrets, before.id, keptEnv(env, unmask('env', env, values), shown));
  }
  for (const [column, given] of [['headers', headers] as const, ['secrets', secrets] as const]) {
    if (given === undefined) continue;
    const merged = unmask(column, given, openMap(ctx.secrets, before, column));
    next[column] = sealMap(ctx.secrets, before.id, column, merged);
  }
  if (container !== undefined) {
    const kept = containerOf(before);
    const same = kept && { ...container, process: kept.process, authority: kept.authority };
    next.container = container && { ...(same ?? keptContainer(ctx, container)) };
  }
  // A form sends what was set before it had slots.
  const isUnsaid = patch.isolation === undefined || patch.isolation === before.isolation;
  if (next.slots.length > 0 && isUnsaid) next.isolation = 'user';
  if (limits) next.limits = definedOnly({ ...before.limits, ...limits });
  return next;
}

/** A server that becomes a process is like a new one, unless it was one before. */
function withAccount(ctx: Ctx, before: ServerRow, next: ServerRow, { account }: ServerPatch): ServerRow {
  const has = hasField(next.kind, 'account');
  if (account !== undefined && !has) {
    const why = say('accountOfKind', { kinds: ownersOf('account'), id: before.id, kind: next.kind });
    throw invalidField('account', why);
  }
  const wasProcess = hasField(before.kind, 'account') || before.ownUid !== null || containerOf(before)?.process;
  if (account !== undefined || !has || wasProcess) return next;
  return { ...next, account: usualAccount(ctx) };
}

/** Clears fields of other kinds, unless the patch sets one (which is then refused). */
function clearForKind(next: ServerRow, patch: ServerPatch): void {
  const others = launchNames.filter((field) => !hasField(next.kind, field));
  for (const field of others) {
    const isSealed = secretColumns.some((column) => column === field);
    Object.assign(next, { [field]: isSealed || field === 'container' ? null : (patch[field] ?? emptyLaunch[field]) });
  }
}

function changedFields(ctx: VerbCtx, before: ServerRow, next: ServerRow): string[] {
  return Object.keys(next).filter((field) => {
    if (field === 'env') return !isDeepStrictEqual(openEnv(ctx.secrets, before), openEnv(ctx.secrets, next));
    if (field === 'headers' || field === 'secrets') {
      return !isDeepStrictEqual(openMap(ctx.secrets, before, field), openMap(ctx.secrets, next, field));
    }
    return !isDeepStrictEqual(Reflect.get(before, field), Reflect.get(next, field));
  });
}
