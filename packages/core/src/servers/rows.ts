import type { tables } from '@switchboard/db';

export type ServerRow = typeof tables.servers.$inferSelect;
export type ItemRow = typeof tables.serverItems.$inferSelect;

export type NewServerRow = Omit<ServerRow, 'seq'>;
