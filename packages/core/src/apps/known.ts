import { asc, getTableColumns, inArray } from 'drizzle-orm';
import { compileApp, type CompiledApp } from '@switchboard/agents/simulator';
import { tables, type Db } from '@switchboard/db';
import type { KnownToken } from './contract.ts';
import type { AppRow } from './rows.ts';
import { storedActions, storedFaults } from './stored.ts';

const { apps, appTokens, appGrants, appPairs, appPrompts } = tables;
const { hash, state: _state, stateVersion: _version, ...tokenColumns } = getTableColumns(appTokens);

interface KnownApp {
  row: AppRow;
  /** Made when it is first called. */
  compiled: Promise<CompiledApp> | null;
}

/** The products and tokens of the database, in memory. */
export interface Known {
  /** Reads what changed since the last time. */
  load(): Promise<void>;
  app(category: string, name: string): AppRow | null;
  byId(id: string): AppRow | null;
  compiled(id: string): Promise<CompiledApp | null>;
  tokenOf(hash: string): KnownToken | null;
  token(id: string): KnownToken | null;
  isGranted(tokenId: string, appId: string): boolean;
  prompt(name: string): { body: string; version: string } | null;
}

function nameOf({ category, name }: Pick<AppRow, 'category' | 'name'>): string {
  return `${category}/${name}`;
}

/** An app that is ready to be called, with its recorded calls where it replays them. */
async function compile(db: Db, row: AppRow): Promise<CompiledApp> {
  const actions = storedActions(row.actions);
  const replays = actions.some(({ answers }) => answers.some(({ mode }) => mode === 'replay'));
  const pairs = replays
    ? await db
        .select()
        .from(appPairs)
        .where(inArray(appPairs.appId, [row.id]))
        .orderBy(asc(appPairs.createdAt), asc(appPairs.id))
    : [];
  const { id, category, name, displayName, description, aiNotes, initialState, seed, profile } = row;
  const about = { id, category, name, displayName, description, aiNotes, initialState, seed, profile };
  return compileApp({ ...about, actions, faults: storedFaults(row.faults) }, pairs);
}

export function createKnown(db: Db): Known {
  let byId = new Map<string, KnownApp>();
  let byName = new Map<string, KnownApp>();
  let byHash = new Map<string, KnownToken>();
  let tokens = new Map<string, KnownToken>();
  let grants = new Set<string>();
  let prompts = new Map<string, { body: string; version: string }>();

  /** Only apps that changed are read whole: the others are many, and stay compiled. */
  async function loadApps(): Promise<void> {
    const seen = await db.select({ id: apps.id, updatedAt: apps.updatedAt }).from(apps);
    const stale = seen.filter(({ id, updatedAt }) => byId.get(id)?.row.updatedAt.getTime() !== updatedAt.getTime());
    const rows =
      stale.length === 0
        ? []
        : await db
            .select()
            .from(apps)
            .where(
              inArray(
                apps.id,
                stale.map(({ id }) => id),
              ),
            );
    const fresh = new Map(rows.map((row) => [row.id, { row, compiled: null }]));
    const next = seen.flatMap(({ id }) => fresh.get(id) ?? byId.get(id) ?? []);
    byId = new Map(next.map((app) => [app.row.id, app]));
    byName = new Map(next.map((app) => [nameOf(app.row), app]));
  }

  async function loadTokens(): Promise<void> {
    const [rows, granted] = await Promise.all([
      db.select({ hash, ...tokenColumns }).from(appTokens),
      db.select().from(appGrants),
    ]);
    byHash = new Map(rows.map(({ hash: key, ...token }) => [key, { ...token, faults: storedFaults(token.faults) }]));
    tokens = new Map([...byHash.values()].map((token) => [token.id, token]));
    grants = new Set(granted.map(({ tokenId, appId }) => `${tokenId} ${appId}`));
  }

  async function loadPrompts(): Promise<void> {
    const rows = await db.select().from(appPrompts);
    const enabled = rows.filter((row) => row.enabled);
    prompts = new Map(
      enabled.map(({ name, template, updatedAt }) => [name, { body: template, version: updatedAt.toISOString() }]),
    );
  }

  return {
    load: async () => void (await Promise.all([loadApps(), loadTokens(), loadPrompts()])),
    app: (category, name) => byName.get(nameOf({ category, name }))?.row ?? null,
    byId: (id) => byId.get(id)?.row ?? null,
    async compiled(id) {
      const app = byId.get(id);
      if (!app) return null;
      app.compiled ??= compile(db, app.row);
      try {
        return await app.compiled;
      } catch (error) {
        // An app that could not be read is tried again with the next call.
        app.compiled = null;
        throw error;
      }
    },
    tokenOf: (key) => byHash.get(key) ?? null,
    token: (id) => tokens.get(id) ?? null,
    isGranted: (tokenId, appId) => grants.has(`${tokenId} ${appId}`),
    prompt: (name) => prompts.get(name) ?? null,
  };
}
