import type { Ctx } from '../context.ts';
import { kinds } from './kinds/table.ts';
import { containerOf } from './queries.ts';
import type { ServerRow } from './rows.ts';
import type { ListServers } from './schema.ts';
import { statusOf, statusWordsOf } from './view.ts';

/** Keeps the servers that fit every filter given. */
export function filterServers(ctx: Ctx, rows: readonly ServerRow[], input: ListServers): ServerRow[] {
  const search = input.search?.trim().toLowerCase();
  return rows.filter((row) => {
    if (search && !textOf(row).includes(search)) return false;
    if (input.ids && !input.ids.includes(row.id)) return false;
    if (input.kind && !input.kind.includes(row.kind)) return false;
    if (input.transport && !input.transport.includes(kinds[row.kind].transport(containerOf(row)))) return false;
    if (input.tags && !input.tags.some((tag) => row.tags.includes(tag))) return false;
    if (input.enabled !== undefined && input.enabled !== (row.desired !== 'disabled')) return false;
    if (input.createdAfter && row.createdAt < input.createdAfter) return false;
    if (input.createdBefore && row.createdAt >= input.createdBefore) return false;
    const wanted = input.status;
    return !wanted || statusWordsOf(row, statusOf(ctx, row)).some((word) => wanted.includes(word));
  });
}

function textOf(row: ServerRow): string {
  return [row.id, row.name, row.description, ...row.tags].join('\n').toLowerCase();
}

/** Newest first where nothing is asked; a sort without an order is ascending; ties go by id. */
export function sortServers(ctx: Ctx, rows: readonly ServerRow[], input: ListServers): ServerRow[] {
  const sort = input.sort ?? 'createdAt';
  const order = input.order ?? (input.sort ? 'asc' : 'desc');
  const sign = order === 'asc' ? 1 : -1;
  const keyed = rows.map((row) => ({ row, key: sortKey(ctx, row, sort) }));
  keyed.sort((a, b) => sign * compare(a.key, b.key) || sign * (a.row.seq - b.row.seq));
  return keyed.map(({ row }) => row);
}

function sortKey(ctx: Ctx, row: ServerRow, sort: NonNullable<ListServers['sort']>): string | number {
  switch (sort) {
    case 'name':
      return row.name.toLowerCase();
    case 'id':
      return row.id.toLowerCase();
    case 'kind':
      return row.kind;
    case 'status':
      return statusOf(ctx, row).phase;
    case 'createdAt':
      return row.createdAt.getTime();
    case 'updatedAt':
      return row.updatedAt.getTime();
    case 'lastActivity':
      return statusOf(ctx, row).lastActivityAt ?? 0;
    case 'tools':
      return statusOf(ctx, row).toolCount;
  }
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b);
}
