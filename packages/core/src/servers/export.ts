import { isDeepStrictEqual } from 'node:util';
import { may, requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { placeholdersOf, variablesAsPlaceholders } from './placeholders.ts';
import {
  containerOf,
  loadServers,
  openEnv,
  openMap,
  requireServer,
  secretColumns,
  serverResource,
  shownEnv,
  type SecretColumn,
} from './queries.ts';
import type { ServerRow } from './rows.ts';
import {
  ExportConfig,
  secretMask,
  usualIsolation,
  type CreateServer,
  type ExportedConfig,
  type KeptContainer,
} from './schema.ts';

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

function exported(ctx: Ctx, row: ServerRow): { [key: string]: unknown } {
  const shown = placeholdersOf(row.id);
  const env = exportedMap(ctx, row, 'env');
  const headers = exportedMap(ctx, row, 'headers');
  const kept = containerOf(row);
  if (kept) return exportedContainer(ctx, row, kept, { env, headers });
  const launch =
    row.kind === 'stdio'
      ? {
          command: row.command,
          ...filled({ args: shown.args(row.args) }),
          ...(row.cwd !== null && { cwd: row.cwd }),
        }
      : {
          type: row.kind === 'sse' ? 'sse' : 'http',
          url: row.url === null ? null : shown.url(row.url),
          ...filled({ headers }),
        };
  return { ...launch, ...filled({ env }), ...toldOf(row) };
}

/** A map as an export writes it. */
function exportedMap(ctx: Ctx, row: ServerRow, column: SecretColumn): Record<string, string> {
  if (column === 'env') return exportedEnv(ctx, row);
  const stored = openMap(ctx.secrets, row, column);
  return column === 'headers' ? placeholdersOf(row.id).headers(stored) : variablesAsPlaceholders(stored);
}

/** Values that are shown stand as they are. */
function exportedEnv(ctx: Ctx, row: ServerRow): Record<string, string> {
  const kept = openEnv(ctx.secrets, row);
  const shown = shownEnv(kept);
  const open = Object.entries(kept.values).filter(([name]) => shown.has(name));
  return { ...variablesAsPlaceholders(kept.values), ...Object.fromEntries(open) };
}

/** What no client reads and this hub needs to have the server back as it is. */
function toldOf(row: ServerRow): { [key: string]: unknown } {
  const { id, name, description, tags, kind, isolation, limits, desired } = row;
  return {
    ...(name !== id && { name }),
    ...(description !== '' && { description }),
    ...filled({ tags, limits }),
    ...(isolation !== usualIsolation(kind) && { isolation }),
    ...(desired === 'disabled' && { disabled: true }),
  };
}

/** What clients can run by themselves where they can, and beside it all that this hub needs to have it back. */
function exportedContainer(
  ctx: Ctx,
  row: ServerRow,
  { process: _process, authority: _authority, ...settings }: KeptContainer,
  { env, headers }: Record<'env' | 'headers', Record<string, string>>,
): { [key: string]: unknown } {
  const { command, cwd } = row;
  const args = placeholdersOf(row.id).args(row.args);
  const secrets = exportedMap(ctx, row, 'secrets');
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
}

/** Only what holds something. */
function filled(fields: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0));
}

/** What an export wrote in place of a stored value keeps that value, unless the operator provides one of that name. */
export function keepingStored(ctx: Ctx, existing: ServerRow, draft: CreateServer): CreateServer {
  const next = { ...draft };
  const placeholders = placeholdersOf(existing.id);
  for (const column of secretColumns) {
    const stored = openMap(ctx.secrets, existing, column);
    const written = exportedMap(ctx, existing, column);
    const given = Object.entries(draft[column] ?? {}).map(([name, value]) => {
      const isExported = Object.hasOwn(stored, name) && value === written[name] && value !== stored[name];
      const provided = Object.hasOwn(ctx.policy.envPassthrough, value.slice(2, -1));
      return [name, isExported && !provided ? secretMask : value];
    });
    if (given.length > 0) next[column] = Object.fromEntries(given);
  }
  function isExported(given: unknown, stored: unknown, written: unknown): boolean {
    return (
      isDeepStrictEqual(given, written) &&
      !isDeepStrictEqual(given, stored) &&
      !Object.keys(ctx.policy.envPassthrough).some((name) => JSON.stringify(written).includes(`\${${name}}`))
    );
  }
  const { url, args } = existing;
  if (url !== null && isExported(draft.url, url, placeholders.url(url))) next.url = url;
  if (isExported(draft.args, args, placeholders.args(args))) next.args = args;
  return next;
}
