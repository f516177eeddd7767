import type { tables } from '@switchboard/db';

/** A stored graph, with the groups whose members may run it. */
export type GraphRow = typeof tables.graphs.$inferSelect & { groups: string[] };
