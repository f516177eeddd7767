import { eq, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Catalog } from '@switchboard/mcp-runtime/types';
import { messageOf } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';

/** Keeps what servers offer across restarts, so that lists answer before a server has started. */
export interface CatalogCache {
  /** Later catalogs of one server replace waiting ones; nothing waits for the write. */
  store(serverId: string, catalog: Catalog): void;
  loadAll(): Promise<{ serverId: string; catalog: Catalog }[]>;
  flush(): Promise<void>;
}

export function createCatalogCache(db: Db, clock: Clock, log: Log): CatalogCache {
  const waiting = new Map<string, Catalog>();
  const written = new Map<string, string>();
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    for (const [serverId, catalog] of waiting) {
      waiting.delete(serverId);
      // jsonb refuses the NUL character.
      const json = JSON.stringify(catalog).replaceAll('\\u0000', '');
      if (written.get(serverId) === json) continue;
      try {
        await upsert(db, serverId, json, new Date(clock.now()));
        written.set(serverId, json);
      } catch (error) {
        // Removed meanwhile, or the database is away: the next start of the server writes it again.
        log.debug({ server: serverId, error: messageOf(error) }, 'A catalog was not stored');
      }
    }
  }

  function drain(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = null;
      // Changes that arrived after the last look, and before this point.
      if (waiting.size > 0) void drain();
    });
    return writing;
  }

  return {
    store(serverId, catalog) {
      waiting.set(serverId, catalog);
      void drain();
    },
    async loadAll() {
      const rows = await db.select().from(tables.catalogs).where(eq(tables.catalogs.scope, ''));
      return rows.map((row) => ({ serverId: row.serverId, catalog: row.catalog as Catalog }));
    },
    async flush() {
      await writing;
      await drain();
    },
  };
}

async function upsert(db: Db, serverId: string, json: string, updatedAt: Date): Promise<void> {
  const catalog = sql`${json}::text::jsonb`;
  await db
    .insert(tables.catalogs)
    .values({ serverId, scope: '', catalog, updatedAt })
    .onConflictDoUpdate({ target: [tables.catalogs.serverId, tables.catalogs.scope], set: { catalog, updatedAt } });
}
