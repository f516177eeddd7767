import * as entities from './entities.ts';
import type { Rows } from './row.ts';

interface Entity {
  trpc?: Rows;
  rest?: Rows;
}

function folded(rowsOf: (entity: Entity) => Rows | undefined): Rows {
  const rows = Object.values(entities).flatMap((entity) => Object.entries(rowsOf(entity) ?? {}));
  const names = rows.map(([name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`These have two rows, and each needs one: ${twice.join(', ')}`);
  return Object.fromEntries(rows);
}

/** Who may call each procedure, by what it is about. A procedure without a row fails the suite. */
export const trpcRows = folded(({ trpc }) => trpc);

/** Who may call each documented route. A route without a row fails the suite. */
export const restRows = folded(({ rest }) => rest);
