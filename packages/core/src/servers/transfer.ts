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
  serverResource,
  type ServerRow,
} from './queries.ts';
import {
  ExportConfig,
  ImportConfig,
  type CreateServer,
  type ExportedConfig,
  type ImportEntry,
  type ImportResult,
  type KeptContainer,
} from './schema.ts';
import { createServer, updateServer } from './verbs.ts';

/** Reads a client's config and says what becomes of each entry; with `apply` it happens. A wrong entry stops no other. */
export const importConfig = verb(
  { name: 'server.import', access: 'write', input: ImportConfig },
  async (ctx, input): Promise<ImportResult> => {
    const parsed = parseClientConfig(input.text, input.inputs).map((entry) =>
      input.containers && entry.docker ? { ...entry, draft: entry.docker } : entry,
    );
    const chosen = input.only ? parsed.filter((entry) => input.only?.includes(entry.name)) : parsed;
    const seen = new Set<string>();
    const entries: ImportEntry[] = [];
    for (const entry of chosen) {
      const planned = await plan(ctx, entry, input.onConflict, seen);
      const { draft } = entry;
      const applies = input.apply && draft && (planned.action === 'create' || planned.action === 'replace');
      entries.push(applies ? await applyEntry(ctx, planned, draft) : planned);
      if (planned.id) seen.add(planned.id.toLowerCase());
    }
    ctx.audit({ details: { applied: input.apply, entries: entries.map(({ id, action }) => ({ id, action })) } });
    return { applied: input.apply, entries };
  },
);

const plan = async (
  ctx: Ctx,
  { name, draft, docker, error, missingInputs }: ParsedEntry,
  onConflict: 'skip' | 'replace',
  seen: ReadonlySet<string>,
): Promise<ImportEntry> => {
  const entry = (action: ImportEntry['action'], reason: string | null): ImportEntry => ({
    name,
    id: draft?.id ?? null,
    kind: draft?.kind ?? null,
    action,
    reason,
    docker: docker !== null,
    missing: draft ? [...missingInputs, ...missingOf(ctx, draft)] : missingInputs,
  });
  if (!draft?.id) return entry('error', error);
  const { id } = draft;
  if (seen.has(id.toLowerCase())) return entry('error', `Another entry of this config gets the id '${id}' too.`);
  if (isReserved(id)) return entry('error', `'${id}' is a reserved word; choose another name.`);
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
  if (onConflict === 'replace' && mayReplace) return { ...entry('replace', null), id: existing.id };
  return entry(
    'skip',
    onConflict === 'skip' ? `'${id}' exists already.` : `'${id}' is taken by something that is not yours.`,
  );
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
      const { id: _id, ...given } = draft;
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
      await updateServer(ctx, { id: planned.id, patch: { ...cleared, ...given } });
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
          ...(row.args.length > 0 && { args: row.args }),
          ...(row.cwd !== null && { cwd: row.cwd }),
        }
      : {
          type: row.kind === 'sse' ? 'sse' : 'http',
          url: row.url,
          ...(Object.keys(headers).length > 0 && { headers }),
        };
  return {
    ...launch,
    ...(Object.keys(env).length > 0 && { env }),
    ...(row.desired === 'disabled' && { disabled: true }),
  };
};

/** What clients can run by themselves where they can, and beside it all that this hub needs to have it back. */
const exportedContainer = (
  ctx: Ctx,
  { command, args, cwd, desired, ...row }: ServerRow,
  { process: _process, authority: _authority, ...settings }: KeptContainer,
  { env, headers }: Record<'env' | 'headers', Record<string, string>>,
): { [key: string]: unknown } => {
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
    ...(desired === 'disabled' && { disabled: true }),
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
