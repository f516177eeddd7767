import type { Ctx } from '../context.ts';
import type { Versioned } from '../versions/kinds.ts';
import { maskEnv, valuesByName } from './env-text.ts';
import { openEnv, type StackRow } from './queries.ts';

/** Of more names than this, all values together have one fingerprint. */
const mostNames = 2_000;

function fingerprintsOf(ctx: Ctx, id: string, env: string): Record<string, string> {
  const place = { table: 'versions', row: id, column: 'env' };
  const values = valuesByName(env);
  if (values.size > mostNames) return { '': ctx.secrets.mark(place, env) };
  return Object.fromEntries(
    [...values].map(([name, raws]) => [name, ctx.secrets.mark(place, JSON.stringify([name, raws]))]),
  );
}

/** The version of a stack: its texts, without the values of its environment file. */
export function versionOf(ctx: Ctx, row: Pick<StackRow, 'id' | 'engine' | 'content' | 'env'>): Versioned<'stack'> {
  const env = openEnv(ctx, row);
  return {
    snapshot: { engine: row.engine, content: row.content, env: env === null ? null : maskEnv(env) },
    fingerprints: env === null ? {} : fingerprintsOf(ctx, row.id, env),
  };
}

export function versionedStack({ id }: Pick<StackRow, 'id'>) {
  return { kind: 'stack', id } as const;
}
