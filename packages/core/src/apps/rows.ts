import type { tables } from '@switchboard/db';

export type AppRow = typeof tables.apps.$inferSelect;
export type AppTokenRow = typeof tables.appTokens.$inferSelect;
export type AppPromptRow = typeof tables.appPrompts.$inferSelect;
