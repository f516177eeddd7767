import type { tables } from '@switchboard/db';

/** A stored model, with the groups whose members may use it. */
export type ModelRow = typeof tables.models.$inferSelect & { groups: string[] };
