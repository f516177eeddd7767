import { and, asc, eq, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { personOf, userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { expandLaunch } from '../servers/expand.ts';
import { absentServer, lockServer, openLaunch, requireUsable, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { verb } from '../verb.ts';
import { usesOf, valueFault, type SlotUses } from './places.ts';
import { BySlotServer, FillSlots, type ServerSlots } from './schema.ts';
import { findValues, openValues, sealValues, type SlotRow } from './store.ts';

const { servers, slotValues } = tables;

/** The person whose credentials an actor sees and fills in: whoever stands behind a sign-in or a key. */
function requirePerson({ actor }: Pick<Ctx, 'actor'>): string {
  if (userIdOf(actor) === null && actor.type !== 'local') throw new DomainError('forbidden', say('noPersonForSlots'));
  return personOf(actor);
}

async function requireUse(ctx: Ctx, id: string): Promise<ServerRow> {
  const row = await requireUsable(ctx, id);
  requireRight(ctx, 'server.use', serverResource(row), () => absentServer(id));
  return row;
}

/** Where the slots of a server stand, once `${NAME}` is filled in. */
function usesIn(ctx: Pick<Ctx, 'secrets' | 'policy'>, row: ServerRow): (name: string) => SlotUses {
  const launch = expandLaunch(openLaunch(ctx.secrets, row), ctx.policy.envPassthrough);
  return (name) => usesOf(name, launch);
}

function toldSlots(ctx: Ctx, row: ServerRow, kept: SlotRow | null): ServerSlots {
  const values = kept === null ? {} : openValues(ctx.secrets, kept);
  const uses = usesIn(ctx, row);
  const slots = row.slots.map((slot) => {
    const value = Object.hasOwn(values, slot.name) ? values[slot.name] : undefined;
    return { ...slot, filled: value !== undefined, value: slot.secret ? null : (value ?? null) };
  });
  const missing = slots.flatMap(({ name, filled }) =>
    filled && valueFault(values[name] ?? '', uses(name)) === null ? [] : [name],
  );
  return { id: row.id, name: row.name, slots, missing, filledAt: kept?.updatedAt ?? null };
}

/** What the caller gave of its own for one server, and what is missing. Values of others are told to nobody. */
export const getSlots = verb(
  { name: 'server.use', access: 'read', input: BySlotServer },
  async (ctx, { id }): Promise<ServerSlots> => {
    const person = requirePerson(ctx);
    const row = await requireUse(ctx, id);
    return toldSlots(ctx, row, await findValues(ctx.db, { serverId: row.id, person }));
  },
);

/** The same for every server with slots that the caller may use. */
export const listSlots = verb(
  { name: 'server.use', access: 'read', input: z.object({}) },
  async (ctx): Promise<ServerSlots[]> => {
    const person = requirePerson(ctx);
    const rows = await ctx.db
      .select()
      .from(servers)
      .where(ne(servers.slots, sql`'[]'::jsonb`))
      .orderBy(asc(servers.seq));
    const mine = rows.filter((row) => may(ctx, 'server.use', serverResource(row)));
    const kept = await ctx.db.select().from(slotValues).where(eq(slotValues.person, person));
    const byServer = new Map(kept.map((row) => [row.serverId, row]));
    return mine.map((row) => toldSlots(ctx, row, byServer.get(row.id) ?? null));
  },
);

/** The caller's values after a change, of declared slots alone. */
function changedValues(
  ctx: Ctx,
  row: ServerRow,
  before: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const uses = usesIn(ctx, row);
  for (const [name, value] of Object.entries(given)) {
    if (!row.slots.some((slot) => slot.name === name)) {
      throw invalidField(`values.${name}`, say('noSlot', { id: row.id, name }));
    }
    const fault = value === null ? null : valueFault(value, uses(name));
    if (fault !== null) throw invalidField(`values.${name}`, say(fault));
  }
  const entries = row.slots.flatMap(({ name }): [string, string][] => {
    const value = Object.hasOwn(given, name) ? given[name] : Object.hasOwn(before, name) ? before[name] : null;
    return value == null ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** Fills in what the caller gives of its own for a server: instances that were opened with what it gave before end. */
export const fillSlots = verb(
  { name: 'server.use', access: 'write', input: FillSlots },
  async (ctx, { id, values: given }): Promise<ServerSlots> => {
    const person = requirePerson(ctx);
    const row = await lockServer(ctx, (await requireUse(ctx, id)).id);
    const key = { serverId: row.id, person };
    const kept = await findValues(ctx.db, key);
    const values = changedValues(ctx, row, kept === null ? {} : openValues(ctx.secrets, kept), given);
    const names = Object.keys(values);
    const state = { names, values: sealValues(ctx.secrets, key, values), stamp: newId() };
    const updatedAt = new Date(ctx.clock.now());
    const next: SlotRow = { ...key, userId: userIdOf(ctx.actor), ...state, updatedAt };
    if (names.length === 0) {
      const mine = and(eq(slotValues.serverId, row.id), eq(slotValues.person, person));
      await ctx.db.delete(slotValues).where(mine);
    } else {
      await ctx.db
        .insert(slotValues)
        .values(next)
        .onConflictDoUpdate({ target: [slotValues.serverId, slotValues.person], set: { ...state, updatedAt } });
    }
    const taken = Object.keys(given).filter((name) => given[name] === null);
    const filled = Object.keys(given).filter((name) => given[name] !== null);
    ctx.audit({ id: row.id, details: { does: 'fill', filled, taken } });
    ctx.emit({ type: 'slots.changed', id: row.id, person });
    return toldSlots(ctx, row, names.length === 0 ? null : next);
  },
);
