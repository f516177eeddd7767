import { isDeepStrictEqual } from 'node:util';
import { may, requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { usualIsolation } from './draft.ts';
import { filled } from './kinds/kind.ts';
import { kinds } from './kinds/table.ts';
import { placeholdersOf, variablesAsPlaceholders } from './placeholders.ts';
import { configNames, plainFields } from './plain-fields.ts';
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
import { ExportConfig, secretMask, type CreateServer, type ExportedConfig } from './schema.ts';

/** The `mcpServers` JSON of the servers the actor may configure. Secrets are written as `${NAME}`. */
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
    const told = mine.flatMap((row) => {
      const entry = exported(ctx, row);
      return entry === null ? [] : [[row.id, entry] as const];
    });
    return { mcpServers: Object.fromEntries(told) };
  },
);

/** Null where no config can hold it. */
function exported(ctx: Ctx, row: ServerRow): { [key: string]: unknown } | null {
  const { config } = kinds[row.kind];
  if (config === null) return null;
  const shown = placeholdersOf(row.id);
  const { command, args, cwd, url } = row;
  const launch = config({
    command,
    args: shown.args(args),
    cwd,
    url: url === null ? null : shown.url(url),
    env: exportedMap(ctx, row, 'env'),
    headers: exportedMap(ctx, row, 'headers'),
    secrets: exportedMap(ctx, row, 'secrets'),
    container: containerOf(row),
    app: row.app,
    graph: row.graph,
  });
  return { ...launch, ...exportedOf(row) };
}

/** A map as an export writes it. */
function exportedMap(ctx: Ctx, row: ServerRow, column: SecretColumn): Record<string, string> {
  if (column === 'env') return exportedEnv(ctx, row);
  const stored = openMap(ctx.secrets, row, column);
  return column === 'headers' ? placeholdersOf(row.id).headers(stored) : variablesAsPlaceholders(stored);
}

/** Values that may be shown are written as they are. */
function exportedEnv(ctx: Ctx, row: ServerRow): Record<string, string> {
  const kept = openEnv(ctx.secrets, row);
  const shown = shownEnv(kept);
  const open = Object.entries(kept.values).filter(([name]) => shown.has(name));
  return { ...variablesAsPlaceholders(kept.values), ...Object.fromEntries(open) };
}

/** The settings that clients do not read and this hub needs to import the server unchanged. */
function exportedOf(row: ServerRow): { [key: string]: unknown } {
  const { id, name, kind, isolation, limits, desired } = row;
  const unusual = configNames.filter((field) => !isDeepStrictEqual(row[field], plainFields[field].usual));
  return {
    ...(name !== id && { name }),
    ...Object.fromEntries(unusual.map((field) => [field, row[field]])),
    ...filled({ limits }),
    ...(isolation !== usualIsolation(kind, row.slots) && { isolation }),
    ...(desired === 'disabled' && { disabled: true }),
  };
}

/**
 * A placeholder that an export wrote for a stored value keeps that value, unless the operator provides a variable of
 * that name.
 */
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
