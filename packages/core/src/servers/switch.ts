import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { forgetWhereMoved } from '../slots/forget.ts';
import { ownSpec } from '../slots/own-spec.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { keepVersion, stateOf } from './describe.ts';
import { checkWhole, keptContainer, requireCreate } from './draft.ts';
import { kinds } from './kinds/table.ts';
import { absentServer, containerOf, lockServer, requireServer, serverResource } from './queries.ts';
import type { ServerRow } from './rows.ts';
import { ById, ContainerSettings, ToContainer, type Server } from './schema.ts';
import { toSpec } from './spec.ts';
import { requireSecretsGiven } from './targets.ts';
import { toServer } from './view.ts';

async function requireSwitchable(ctx: VerbCtx, id: string): Promise<ServerRow> {
  const row = await requireServer(ctx, id);
  requireRight(ctx, 'server.configure', serverResource(row), () => absentServer(id));
  return row;
}

/** Stores what the server has become, unless somebody changed it meanwhile. */
function store(ctx: VerbCtx, before: ServerRow, change: Partial<ServerRow>): Promise<ServerRow> {
  return inTransaction(ctx, async (tx) => {
    const now = await lockServer(tx, before.id);
    if (now.revision !== before.revision) {
      throw new DomainError('conflict', say('changedMeanwhile', { id: before.id }));
    }
    const was = await stateOf(tx, before.id);
    const [row] = await tx.db
      .update(tables.servers)
      .set({ ...change, revision: newId(), updatedAt: new Date(tx.clock.now()) })
      .where(eq(tables.servers.id, before.id))
      .returning();
    if (!row) throw absentServer(before.id);
    await forgetWhereMoved(tx, before, row);
    await keepVersion(tx, row.id, { was });
    tx.audit({ id: row.id, details: { changed: Object.keys(change), from: before.kind, to: row.kind } });
    tx.emit({ type: 'server.changed', id: row.id });
    return row;
  });
}

/** Moves a process into a container, its command kept; it is started there once before, and stays where that fails. */
export const toContainer = verb(
  { name: 'server.configure', access: 'write', input: ToContainer, tx: false },
  async (ctx, { id, image = ctx.policy.containerBaseImage ?? undefined, network, volumes }): Promise<Server> => {
    const before = await requireSwitchable(ctx, id);
    if (kinds[before.kind].place !== 'machine') throw invalidField('id', say('noProcess', { id: before.id }));
    requireRight(ctx, 'server.run-process');
    if (image === undefined) {
      throw new DomainError('precondition', say('noBaseImage'), { field: 'image' });
    }
    const settings = ContainerSettings.parse({ image, ...(network && { network }), ...(volumes && { volumes }) });
    requireCreate(ctx, { kind: 'container', container: settings });
    requireSecretsGiven(ctx, before, {});
    const { command, args, cwd } = before;
    // A folder of this machine is none of the container's.
    const change = {
      kind: 'container' as const,
      cwd: null,
      container: { ...keptContainer(ctx, settings, { command, args, cwd }) },
    };
    checkWhole(ctx, { ...before, ...change });
    const { spec } = toSpec({ ...before, ...change, revision: newId(), desired: 'on' }, ctx.secrets, ctx.policy);
    const own = await ownSpec(ctx, before.id, spec);
    if (own === null) throw new DomainError('precondition', say('slotsFirst'), { value: before.id });
    const probed = await ctx.hub.runtime.probe(own, { adopt: false, signal: ctx.signal });
    if (!probed.ok) {
      const reason = probed.errorReason ?? probed.error;
      throw new DomainError('unavailable', say('notInContainer', { id: before.id, image, reason }), {
        value: before.id,
      });
    }
    return toServer(ctx, await store(ctx, before, change));
  },
);

/** Makes a server that was moved into a container the process again that it was. */
export const toProcess = verb(
  { name: 'server.configure', access: 'write', input: ById, tx: false },
  async (ctx, { id }): Promise<Server> => {
    const before = await requireSwitchable(ctx, id);
    const process = containerOf(before)?.process;
    if (!process) throw invalidField('id', say('neverProcess', { id: before.id }));
    requireRight(ctx, 'server.run-process');
    requireSecretsGiven(ctx, before, {});
    const change = { kind: 'stdio' as const, ...process, container: null, secrets: null, headers: null };
    return toServer(ctx, await store(ctx, before, change));
  },
);
