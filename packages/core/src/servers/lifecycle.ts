import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { ProbeResult, ServerStatus } from '@switchboard/mcp-runtime/types';
import { requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import { DomainError, invalidField, messageOf } from '../errors.ts';
import { say } from '../reasons.ts';
import { ownSpec } from '../slots/own-spec.ts';
import { randomSlug } from '../slug.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { withUid } from './accounts.ts';
import { requireCreate, requireShown, rowOf } from './draft.ts';
import { hasField } from './kinds/table.ts';
import { calledSo, loadNames, requireNameFree } from './names.ts';
import { absentServer, findClaim, lockServer, requireServer, serverResource, slugTaken } from './queries.ts';
import { requireReviewed } from './reviewed.ts';
import type { ServerRow } from './rows.ts';
import { ById, CreateServer, StartServer, StopServer, TestServer, type Server } from './schema.ts';
import { toSpec } from './spec.ts';
import { goesElsewhere, mustLeaveAccount, requireSecretsGiven } from './targets.ts';
import { insertServer } from './verbs.ts';
import { toServer } from './view.ts';

async function requireOperable(ctx: VerbCtx, id: string): Promise<ServerRow> {
  const row = await requireServer(ctx, id);
  requireRight(ctx, 'server.operate', serverResource(row), () => absentServer(id));
  return row;
}

/** Stores the desired state of a server; `committed` runs before the runtime gets it. */
function wish(
  ctx: VerbCtx,
  id: string,
  does: 'start' | 'stop' | 'restart',
  change: { desired: ServerRow['desired']; lastRestartAt?: Date },
  committed?: () => void,
): Promise<ServerRow> {
  async function write(tx: VerbCtx) {
    await lockServer(tx, id);
    const [row] = await tx.db.update(tables.servers).set(change).where(eq(tables.servers.id, id)).returning();
    if (!row) throw absentServer(id);
    tx.audit({ id, details: { does, desired: change.desired } });
    tx.emit({ type: 'server.changed', id });
    return row;
  }
  return inTransaction(ctx, write, committed);
}

/** Turns a server on. A server that runs is left alone; with `wait` the answer comes when it runs or has failed. */
export const startServer = verb(
  { name: 'server.operate', access: 'write', input: StartServer, tx: false },
  async (ctx, input): Promise<Server> => {
    const before = await requireOperable(ctx, input.id);
    requireReviewed(before);
    const row = await wish(ctx, before.id, 'start', { desired: 'on' });
    const started = bringUp(ctx, row.id);
    if (input.wait) assertRuns(row.id, await started);
    else
      started.catch((error: unknown) => ctx.log.debug({ server: row.id, error: messageOf(error) }, 'A start failed'));
    return toServer(ctx, row);
  },
);

/** Applying the desired state may have started it already; a server that sleeps or failed has to be started. */
async function bringUp(ctx: VerbCtx, id: string): Promise<ServerStatus> {
  const status = ctx.hub.runtime.status(id);
  if (status?.phase === 'running') return status;
  if (status?.phase !== 'starting') return ctx.hub.runtime.restart(id, ctx.signal);
  return ctx.hub.runtime.settled(id, ctx.signal);
}

const longestWaitMs = 60_000;

/** A server when its start has ended, or as it is after a minute; at once where it should not run. */
export const settledServer = verb(
  { name: 'server.read', access: 'read', input: ById },
  async (ctx, input): Promise<Server> => {
    const row = await requireServer(ctx, input.id);
    if (row.desired !== 'on') return toServer(ctx, row);
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(longestWaitMs)]);
    await ctx.hub.runtime.settled(row.id, signal).catch((error: unknown) => {
      if (ctx.signal.aborted) throw error;
    });
    return toServer(ctx, row);
  },
);

/** Stops a server until somebody starts it; answers when nothing of it is left. */
export const stopServer = verb(
  { name: 'server.operate', access: 'write', input: StopServer, tx: false },
  async (ctx, input): Promise<Server> => {
    const before = await requireOperable(ctx, input.id);
    const desired = before.desired === 'disabled' ? 'disabled' : 'stopped';
    let stopping: Promise<void> = Promise.resolve();
    const row = await wish(ctx, before.id, 'stop', { desired }, () => {
      // Before the new wish is applied, which would end it with a grace of its own.
      stopping = ctx.hub.runtime.stop(before.id, { graceMs: input.graceful ? input.timeoutMs : 0 });
      stopping.catch(() => undefined);
    });
    await stopping;
    return toServer(ctx, row);
  },
);

/**
 * Ends the running instances and starts the server again; also starts a stopped server. Fails where it does not come
 * back.
 */
export const restartServer = verb(
  { name: 'server.operate', access: 'write', input: ById, tx: false },
  async (ctx, input): Promise<Server> => {
    const before = await requireOperable(ctx, input.id);
    requireReviewed(before);
    const row = await wish(ctx, before.id, 'restart', { desired: 'on', lastRestartAt: new Date(ctx.clock.now()) });
    const wasOn = before.desired === 'on';
    assertRuns(row.id, await (wasOn ? ctx.hub.runtime.restart(row.id, ctx.signal) : bringUp(ctx, row.id)));
    return toServer(ctx, row);
  },
);

function assertRuns(id: string, status: ServerStatus): void {
  if (status.phase === 'running') return;
  const { error, errorReason, message, messageReason } = status;
  const reason = error === null ? (messageReason ?? message) : (errorReason ?? error);
  throw new DomainError('unavailable', say('didNotStart', { id, reason, said: '', missing: '' }), { value: id });
}

/** Starts a draft once and says what it offers or why it fails; nothing is stored. */
export const testServer = verb(
  { name: 'server.create', access: 'write', input: TestServer, tx: false },
  async (ctx, input): Promise<ProbeResult> => {
    requireCreate(ctx, input.draft);
    await requireShown(ctx, input.draft);
    const stored = input.existingId === undefined ? null : await requireServer(ctx, input.existingId);
    if (stored) requireRight(ctx, 'server.configure', serverResource(stored), () => absentServer(stored.id));
    const { env = {}, headers = {}, secrets = {} } = input.draft;
    const account = input.draft.account ?? (stored && hasField(stored.kind, 'account') ? stored.account : undefined);
    const draft = { ...input.draft, ...(hasField(input.draft.kind, 'account') && { account }), id: randomSlug('test') };
    const drafted = rowOf(ctx, draft, stored);
    // A draft that goes elsewhere than the stored server takes none of its secrets along.
    const elsewhere = stored !== null && goesElsewhere(ctx, stored, drafted);
    if (elsewhere) requireSecretsGiven(ctx, stored, { env, headers, secrets });
    const { id, kind, command } = drafted;
    ctx.audit({ id: stored?.id ?? id, details: { test: true, kind, command } });
    const kept = stored && !(elsewhere && mustLeaveAccount(ctx, stored)) ? stored.ownUid : null;
    const row = await withUid(ctx, { ...drafted, ownUid: kept, desired: 'on' });
    try {
      const spec = await ownSpec(ctx, stored?.id ?? null, toSpec(row, ctx.secrets, ctx.policy).spec);
      return spec === null ? untestable() : await ctx.hub.runtime.probe(spec, { adopt: false, signal: ctx.signal });
    } finally {
      if (row.ownUid !== null && row.ownUid !== kept) await ctx.hub.accounts.release(row.ownUid);
    }
  },
);

/** Starts a server first and stores it only where that works; what was started stays its running instance. */
export const registerServer = verb(
  { name: 'server.create', access: 'write', input: CreateServer, tx: false },
  async (ctx, input): Promise<Server> => {
    requireCreate(ctx, input);
    await requireShown(ctx, input);
    const drafted = rowOf(ctx, { ...input, desired: 'on' });
    const key = drafted.id.toLowerCase();
    const claim = await findClaim(ctx.db, drafted.id);
    if (claim || ctx.hub.registering.has(key)) throw slugTaken(drafted.id, claim?.ref ?? drafted.id);
    ctx.hub.registering.add(key);
    let given: number | null = null;
    try {
      await requireNameFree(ctx, drafted);
      const row = await withUid(ctx, drafted);
      given = row.ownUid;
      const { spec, missing } = toSpec(row, ctx.secrets, ctx.policy);
      // Nobody can have filled in what a server with slots starts with.
      const probed =
        spec.personal === true ? null : await ctx.hub.runtime.probe(spec, { adopt: true, signal: ctx.signal });
      if (probed?.ok === false) throw registrationFailed(row.id, probed, missing);
      const stored = await inTransaction(ctx, (tx) => insertServer(tx, row)).catch(async (error: unknown) => {
        await ctx.hub.runtime.abandon(row.id);
        throw error;
      });
      given = null;
      return toServer(ctx, stored);
    } finally {
      if (given !== null) await ctx.hub.accounts.release(given);
      ctx.hub.registering.delete(key);
    }
  },
);

/** What is said of a draft that takes credentials which nobody gave yet. */
function untestable(): ProbeResult {
  const why = say('slotsFirst');
  return { ok: false, error: why.text, errorReason: why, needsSignIn: false, durationMs: 0, logs: [] };
}

/**
 * The last output of a program that is not kept, because its log is removed with it. Empty where the reason contains it
 * already.
 */
function lastWords({ error, logs }: Extract<ProbeResult, { ok: false }>): Reason | '' {
  const said = logs.filter(({ source }) => source === 'stderr').map(({ message }) => message.slice(0, 200));
  const last = said.slice(-3).join(' | ');
  return last === '' || error.includes(said.at(-1) ?? '') ? '' : say('saidLast', { words: last });
}

function registrationFailed(id: string, failed: Extract<ProbeResult, { ok: false }>, missing: string[]): DomainError {
  const why = say('didNotStart', {
    id,
    reason: failed.errorReason ?? failed.error,
    said: lastWords(failed),
    missing: missing.length === 0 ? '' : say('nothingProvides', { names: missing.join(', ') }),
  });
  return new DomainError('unavailable', why, { value: id });
}

/** Adds the server that comes with the hub, to try things out; an existing one is given back. */
export const addDemoServer = verb(
  { name: 'server.create', access: 'write', input: ById.partial(), tx: false },
  async (ctx, input): Promise<Server> => {
    const demo = ctx.policy.demoServer;
    if (!demo) throw new DomainError('precondition', say('noDemo'));
    requireCreate(ctx, { kind: 'stdio' });
    const id = input.id ?? 'demo';
    const claim = await findClaim(ctx.db, id);
    if (claim) {
      const existing = await requireServer(ctx, id);
      if (existing.command !== demo.command) throw invalidField('id', say('takenByServer', { id }));
      ctx.audit({ id: existing.id, details: { existing: true } });
      return toServer(ctx, existing);
    }
    const named = calledSo(ctx, await loadNames(ctx.db), 'Demo', userIdOf(ctx.actor));
    const row = rowOf(ctx, {
      id,
      name: named.length === 0 ? 'Demo' : id,
      description: 'A built-in server to try tools, prompts, resources, progress and questions with.',
      tags: ['demo'],
      kind: 'stdio',
      command: demo.command,
      args: [...demo.args],
    });
    return toServer(ctx, await inTransaction(ctx, (tx) => insertServer(tx, row)));
  },
);
