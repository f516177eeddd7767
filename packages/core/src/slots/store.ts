import { and, eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Launch } from '@switchboard/mcp-runtime/types';
import type { Holding, PersonalSource } from '../personal/book.ts';
import { openJson, sealJson, type Secrets } from '../secrets.ts';
import { filledLaunch, fits, type SlotValues } from './fill.ts';
import type { Slot } from './schema.ts';

const { slotValues } = tables;
export type SlotRow = typeof slotValues.$inferSelect;
type Key = Pick<SlotRow, 'serverId' | 'person'>;

/** What people gave of their own, without the values themselves. */
export interface SlotStore extends PersonalSource {
  /** Reads again who gave what. */
  load(): Promise<void>;
  /** The servers that there are, with their slots. */
  declare(servers: readonly { id: string; slots: readonly Slot[] }[]): void;
  /** Names of the slots of a server that the person has yet to fill. */
  missing(serverId: string, person: string): string[];
  /** Secret values with which instances of the server were opened here. */
  secretsOf(serverId: string): readonly string[];
}

function placeOf({ serverId, person }: Key) {
  return { table: 'slot_values', row: JSON.stringify([serverId, person]), column: 'values' };
}

export function sealValues(secrets: Secrets, key: Key, values: SlotValues): string {
  return sealJson(secrets, placeOf(key), values);
}

export function openValues(secrets: Secrets, row: Key & Pick<SlotRow, 'values'>): Record<string, string> {
  return openJson(secrets, placeOf(row), row.values) as Record<string, string>;
}

export function pageOfSlots(serverId: string): string {
  return `/ui/servers/${encodeURIComponent(serverId)}/credentials`;
}

export async function findValues(db: Db, { serverId, person }: Key): Promise<SlotRow | null> {
  const [row] = await db
    .select()
    .from(slotValues)
    .where(and(eq(slotValues.serverId, serverId), eq(slotValues.person, person)));
  return row ?? null;
}

/** The values of declared slots alone, or null where one is missing. */
export function wholeValues(slots: readonly Slot[], values: SlotValues): Record<string, string> | null {
  const found: Record<string, string> = {};
  for (const { name } of slots) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return null;
    found[name] = value;
  }
  return found;
}

/** Secrets that are remembered of one server, for taking them out of what is kept of calls. */
const mostRemembered = 1_000;

type Known = Pick<SlotRow, 'serverId' | 'person' | 'names' | 'stamp' | 'updatedAt'>;

/** Follows who gave what; values are read where an instance is opened. */
export function createSlotStore({ db, secrets }: { db: Db; secrets: Secrets }): SlotStore {
  let declared = new Map<string, readonly Slot[]>();
  let rows = new Map<string, Map<string, Known>>();
  let holders = new Map<string, ReadonlyMap<string, Holding>>();
  const opened = new Map<string, Set<string>>();
  const secretLists = new Map<string, readonly string[]>();

  function missing(serverId: string, person: string): string[] {
    const names = rows.get(serverId)?.get(person)?.names ?? [];
    return (declared.get(serverId) ?? []).flatMap(({ name }) => (names.includes(name) ? [] : [name]));
  }

  function holdersOf(serverId: string): ReadonlyMap<string, Holding> {
    const known = holders.get(serverId);
    if (known !== undefined) return known;
    const whole = [...(rows.get(serverId)?.values() ?? [])].filter(
      ({ person }) => missing(serverId, person).length === 0,
    );
    const made = new Map(whole.map(({ person, stamp, updatedAt }) => [person, { stamp, at: updatedAt.getTime() }]));
    holders.set(serverId, made);
    return made;
  }

  function remember(serverId: string, slots: readonly Slot[], values: SlotValues): void {
    const known = opened.get(serverId) ?? new Set<string>();
    opened.set(serverId, known);
    for (const { name, secret } of slots) {
      const value = values[name] ?? '';
      // In a URL it is percent-encoded.
      if (secret) known.add(value).add(encodeURIComponent(value.toWellFormed()));
    }
    for (const oldest of known) {
      if (known.size <= mostRemembered) break;
      known.delete(oldest);
    }
    secretLists.set(serverId, [...known]);
  }

  return {
    code: 'credentials',
    concerns: (serverId) => (declared.get(serverId)?.length ?? 0) > 0,
    holders: holdersOf,
    page: pageOfSlots,
    missing,
    secretsOf: (serverId) => secretLists.get(serverId) ?? [],
    async load() {
      const { serverId, person, names, stamp, updatedAt } = slotValues;
      const read = await db.select({ serverId, person, names, stamp, updatedAt }).from(slotValues);
      rows = new Map();
      holders = new Map();
      for (const row of read) {
        const ofServer = rows.get(row.serverId) ?? new Map<string, Known>();
        rows.set(row.serverId, ofServer.set(row.person, row));
      }
    },
    declare(servers) {
      declared = new Map(servers.flatMap(({ id, slots }) => (slots.length === 0 ? [] : [[id, slots] as const])));
      holders = new Map();
      for (const id of opened.keys()) {
        if (declared.has(id)) continue;
        opened.delete(id);
        secretLists.delete(id);
      }
    },
    async fill(serverId, person, launch): Promise<Launch | null> {
      const slots = declared.get(serverId) ?? [];
      const row = await findValues(db, { serverId, person });
      const values = row && wholeValues(slots, openValues(secrets, row));
      // A server that was changed since may use a value where it cannot stand.
      if (!values || !fits(launch, values)) return null;
      remember(serverId, slots, values);
      return filledLaunch(launch, values);
    },
  };
}
