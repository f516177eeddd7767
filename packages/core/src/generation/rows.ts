import type { tables } from '@switchboard/db';

/** The stored facts of a conversation in which a model makes something. */
export type GenerationRow = typeof tables.generations.$inferSelect;
