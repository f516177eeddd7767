import type { z } from 'zod';
import type { AuditNote } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { isDomainError } from '../errors.ts';
import { verb } from '../verb.ts';
import { planEntry, startPlan } from './import-plan.ts';
import { parseClientConfig } from './import.ts';
import { switchTools } from './items.ts';
import { emptyLaunch } from './kinds/kind.ts';
import { loadNames } from './names.ts';
import { ImportConfig, type CreateServer, type ImportEntry, type ImportResult } from './schema.ts';
import { createServer, updateServer } from './verbs.ts';

/** Reads a client's config and says what becomes of each entry; with `apply` it happens. A wrong entry stops no other. */
export function importConfig(ctx: Ctx, input: z.input<typeof ImportConfig>): Promise<ImportResult> {
  return input.apply === true ? applyConfig(ctx, input) : previewConfig(ctx, input);
}

/** Looking changes nothing, and is no entry of the trail. */
const previewConfig = verb(
  { name: 'server.import', access: 'read', input: ImportConfig },
  (ctx, input): Promise<ImportResult> => imported(ctx, { ...input, apply: false }),
);

const applyConfig = verb(
  { name: 'server.import', access: 'write', input: ImportConfig },
  async (ctx, input): Promise<ImportResult> => {
    const result = await imported(ctx, input);
    ctx.audit(noteOf(result.entries));
    return result;
  },
);

/** The result of each entry: the id of its server, or the entry's own name where it has none. */
function noteOf(entries: readonly ImportEntry[]): AuditNote {
  function idsOf(action: ImportEntry['action']) {
    return entries.filter((entry) => entry.action === action).map(({ id, name }) => id ?? name);
  }
  const [one, ...others] = entries;
  return {
    ...(others.length === 0 && one?.id != null && { id: one.id }),
    details: {
      created: idsOf('create'),
      replaced: idsOf('replace'),
      skipped: idsOf('skip'),
      failed: idsOf('error'),
    },
  };
}

async function imported(ctx: Ctx, input: z.output<typeof ImportConfig>): Promise<ImportResult> {
  function isProvided(name: string) {
    return Object.hasOwn(ctx.policy.envPassthrough, name);
  }
  const parsed = parseClientConfig(input.text, { ...input, isProvided }).map((entry) =>
    input.containers && entry.docker ? { ...entry, draft: entry.docker } : entry,
  );
  const chosen = input.only ? parsed.filter((entry) => input.only?.includes(entry.name)) : parsed;
  const state = startPlan({ onConflict: input.onConflict, chosen: input.ids, rows: await loadNames(ctx.db) });
  const entries: ImportEntry[] = [];
  for (const entry of chosen) {
    const { draft, ...planned } = await planEntry(ctx, entry, state);
    const applies = input.apply && draft && (planned.action === 'create' || planned.action === 'replace');
    entries.push(applies ? await applyEntry(ctx, planned, draft) : planned);
  }
  const inputs = new Map(chosen.flatMap(({ asks }) => asks.map((ask) => [ask.id, ask])));
  return { applied: input.apply, entries, inputs: [...inputs.values()] };
}

/** Each entry is its own savepoint: what fails leaves nothing behind. */
async function applyEntry(ctx: Ctx, planned: ImportEntry, draft: CreateServer): Promise<ImportEntry> {
  try {
    if (planned.action === 'create') {
      const { id } = await createServer(ctx, draft);
      await switchTools(ctx, id, planned.tools);
    } else if (planned.id) {
      const { id: _id, name, ...given } = draft;
      // The key of an entry is no name: one that says none keeps the server's.
      const renamed = name === planned.name ? {} : { name };
      await updateServer(ctx, { id: planned.id, patch: { ...emptyLaunch, ...given, ...renamed } });
      await switchTools(ctx, planned.id, planned.tools);
    }
    return planned;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { ...planned, action: 'error', reason: error.message, why: error.reason };
  }
}
