import type { z } from 'zod';
import { may, requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { isDomainError } from '../errors.ts';
import { isReserved } from '../reserved-names.ts';
import { verb } from '../verb.ts';
import { requireCreate } from './draft.ts';
import { expandLaunch } from './expand.ts';
import { parseClientConfig, type ParsedEntry } from './import.ts';
import {
  containerOf,
  findClaim,
  findServer,
  loadServers,
  openMap,
  requireServer,
  secretColumns,
  serverResource,
  type ServerRow,
} from './queries.ts';
import {
  ExportConfig,
  ImportConfig,
  MASK,
  usualIsolation,
  type CreateServer,
  type ExportedConfig,
  type ImportEntry,
  type ImportResult,
  type KeptContainer,
} from './schema.ts';
import { createServer, updateServer } from './verbs.ts';

/** Reads a client's config and says what becomes of each entry; with `apply` it happens. A wrong entry stops no other. */
export const importConfig = (ctx: Ctx, input: z.input<typeof ImportConfig>): Promise<ImportResult> =>
  input.apply === true ? applyConfig(ctx, input) : previewConfig(ctx, input);

/** Looking changes nothing, and is no entry of the trail. */
const previewConfig = verb(
  { name: 'server.import', access: 'read', input: ImportConfig },
  (ctx, input): Promise<ImportResult> => imported(ctx, { ...input, apply: false }),
);

const applyConfig = verb(
  { name: 'server.import', access: 'write', input: ImportConfig },
  async (ctx, input): Promise<ImportResult> => {
    const result = await imported(ctx, input);
    ctx.audit({ details: { entries: result.entries.map(({ id, action }) => ({ id, action })) } });
    return result;
  },
);

const imported = async (ctx: Ctx, input: z.output<typeof ImportConfig>): Promise<ImportResult> => {
  const isProvided = (name: string) => Object.hasOwn(ctx.policy.envPassthrough, name);
  const parsed = parseClientConfig(input.text, { ...input, isProvided }).map((entry) =>
    input.containers && entry.docker ? { ...entry, draft: entry.docker } : entry,
  );
  const chosen = input.only ? parsed.filter((entry) => input.only?.includes(entry.name)) : parsed;
  const seen = new Map<string, string>();
  const entries: ImportEntry[] = [];
  for (const entry of chosen) {
    const { draft, ...planned } = await plan(ctx, entry, input.onConflict, seen);
    const applies = input.apply && draft && (planned.action === 'create' || planned.action === 'replace');
    entries.push(applies ? await applyEntry(ctx, planned, draft) : planned);
    const id = planned.id?.toLowerCase();
    if (id !== undefined && !seen.has(id)) seen.set(id, entry.name);
  }
  const inputs = new Map(chosen.flatMap(({ asks }) => asks.map((ask) => [ask.id, ask])));
  return { applied: input.apply, entries, inputs: [...inputs.values()] };
};

type Planned = ImportEntry & Pick<ParsedEntry, 'draft'>;

const plan = async (
  ctx: Ctx,
  { name, draft, docker, error, open, envFile }: ParsedEntry,
  onConflict: 'skip' | 'replace',
  seen: ReadonlyMap<string, string>,
): Promise<Planned> => {
  const entry = (action: ImportEntry['action'], reason: string | null, becomes = draft): Planned => ({
    name,
    id: becomes?.id ?? null,
    kind: becomes?.kind ?? null,
    action,
    reason,
    taken: false,
    docker: docker !== null,
    missing: becomes ? missingOf(ctx, becomes).map((missing) => askedAs(open, missing)) : [],
    envFile,
    draft: becomes,
  });
  const taken = (action: ImportEntry['action'], reason: string): Planned => ({
    ...entry(action, reason),
    // Who writes a name twice means one server, and both would be given the same id again.
    taken: seen.get(draft?.id?.toLowerCase() ?? '') !== name,
  });
  if (!draft?.id) return entry('error', error);
  const { id } = draft;
  if (seen.has(id.toLowerCase())) return taken('error', `Another entry of this config gets the id '${id}' too.`);
  if (isReserved(id)) return taken('error', `'${id}' is a reserved word; choose another name.`);
  try {
    requireCreate(ctx, draft);
  } catch (refusal) {
    if (isDomainError(refusal)) return entry('error', refusal.message);
    throw refusal;
  }
  const claim = await findClaim(ctx.db, id);
  if (!claim) return entry('create', null);
  const existing = claim.kind === 'server' ? await findServer(ctx, claim.ref) : null;
  const mayReplace = existing && may(ctx, 'server.configure', serverResource(existing));
  if (onConflict === 'replace' && mayReplace) {
    return { ...entry('replace', null, keepingStored(ctx, existing, draft)), id: existing.id };
  }
  return taken(
    'skip',
    onConflict === 'skip' ? `'${id}' exists already.` : `'${id}' is taken by something that is not yours.`,
  );
};

/** What an export wrote in place of a stored value keeps that value, unless the operator provides one of that name. */
const keepingStored = (ctx: Ctx, existing: ServerRow, draft: CreateServer): CreateServer => {
  const next = { ...draft };
  for (const column of secretColumns) {
    const stored = openMap(ctx.secrets, existing, column);
    const written = asPlaceholders(stored);
    const given = Object.entries(draft[column] ?? {}).map(([name, value]) => {
      const isExported = Object.hasOwn(stored, name) && value === written[name] && value !== stored[name];
      const provided = Object.hasOwn(ctx.policy.envPassthrough, value.slice(2, -1));
      return [name, isExported && !provided ? MASK : value];
    });
    if (given.length > 0) next[column] = Object.fromEntries(given);
  }
  return next;
};

const askedAs = (open: ReadonlyMap<string, string>, name: string): string => {
  const id = open.get(name);
  return id === undefined ? name : `input:${id}`;
};

const missingOf = (ctx: Ctx, draft: CreateServer): string[] =>
  expandLaunch(
    {
      command: draft.command ?? null,
      args: draft.args ?? [],
      env: draft.env ?? {},
      cwd: draft.cwd ?? null,
      url: draft.url ?? null,
      headers: draft.headers ?? {},
      secrets: draft.secrets ?? {},
    },
    ctx.policy.envPassthrough,
  ).missing;

/** Each entry is its own savepoint: what fails leaves nothing behind. */
const applyEntry = async (ctx: Ctx, planned: ImportEntry, draft: CreateServer): Promise<ImportEntry> => {
  try {
    if (planned.action === 'create') {
      await createServer(ctx, draft);
    } else if (planned.id) {
      const { id: _id, name, ...given } = draft;
      const cleared = {
        args: [],
        env: {},
        headers: {},
        cwd: null,
        command: null,
        url: null,
        container: null,
        secrets: {},
      };
      // The key of an entry is no name: one that says none keeps the server's.
      const renamed = name === planned.name ? {} : { name };
      await updateServer(ctx, { id: planned.id, patch: { ...cleared, ...given, ...renamed } });
    }
    return planned;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { ...planned, action: 'error', reason: error.message };
  }
};

/** The `mcpServers` JSON of the servers the actor may configure. Secrets stand as `${NAME}`. */
export const exportConfig = verb(
  { name: 'server.export', access: 'read', input: ExportConfig },
  async (ctx, input): Promise<ExportedConfig> => {
    const rows = input.ids
      ? await Promise.all(input.ids.map((id) => requireServer(ctx, id)))
      : await loadServers(ctx.db);
    const mine: ServerRow[] = [];
    for (const row of rows) {
      if (may(ctx, 'server.configure', serverResource(row))) mine.push(row);
      else if (input.ids) requireRight(ctx, 'server.configure', serverResource(row));
    }
    return { mcpServers: Object.fromEntries(mine.map((row) => [row.id, exported(ctx, row)])) };
  },
);

const exported = (ctx: Ctx, row: ServerRow): { [key: string]: unknown } => {
  const env = asPlaceholders(openMap(ctx.secrets, row, 'env'));
  const headers = asPlaceholders(openMap(ctx.secrets, row, 'headers'));
  const kept = containerOf(row);
  if (kept) return exportedContainer(ctx, row, kept, { env, headers });
  const launch =
    row.kind === 'stdio'
      ? {
          command: row.command,
          ...filled({ args: row.args }),
          ...(row.cwd !== null && { cwd: row.cwd }),
        }
      : {
          type: row.kind === 'sse' ? 'sse' : 'http',
          url: row.url,
          ...filled({ headers }),
        };
  return { ...launch, ...filled({ env }), ...toldOf(row) };
};

/** What no client reads and this hub needs to have the server back as it is. */
const toldOf = (row: ServerRow): { [key: string]: unknown } => {
  const { id, name, description, tags, kind, isolation, limits, desired } = row;
  return {
    ...(name !== id && { name }),
    ...(description !== '' && { description }),
    ...filled({ tags, limits }),
    ...(isolation !== usualIsolation(kind) && { isolation }),
    ...(desired === 'disabled' && { disabled: true }),
  };
};

/** What clients can run by themselves where they can, and beside it all that this hub needs to have it back. */
const exportedContainer = (
  ctx: Ctx,
  row: ServerRow,
  { process: _process, authority: _authority, ...settings }: KeptContainer,
  { env, headers }: Record<'env' | 'headers', Record<string, string>>,
): { [key: string]: unknown } => {
  const { command, args, cwd } = row;
  const secrets = asPlaceholders(openMap(ctx.secrets, row, 'secrets'));
  const words = command === null ? args : [command, ...args];
  const names = Object.keys(env).flatMap((name) => ['-e', name]);
  return {
    ...(settings.transport.kind === 'stdio' && {
      command: 'docker',
      args: ['run', '-i', '--rm', ...names, settings.image, ...words],
    }),
    ...filled({ env }),
    container: {
      ...settings,
      ...(command !== null && { command }),
      ...(cwd !== null && { cwd }),
      ...filled({ args, env, headers, secrets }),
    },
    ...toldOf(row),
  };
};

/** Only what holds something. */
const filled = (fields: Record<string, object>): Record<string, object> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0));

/** What already is a placeholder says nothing secret and stays. */
const asPlaceholders = (map: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(map).map(([name, value]) => [
      name,
      /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(value) ? value : `\${${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}}`,
    ]),
  );
