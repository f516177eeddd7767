import type { tables } from '@switchboard/db';

/** What is kept of a conversation in which a model makes something. */
export type GenerationRow = typeof tables.generations.$inferSelect;
