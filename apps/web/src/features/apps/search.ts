import { z } from 'zod';

const text = z.string().optional().catch(undefined);

/** What the addresses of the simulator's pages may carry; `from` is a server that a new app is made of. */
export const AppsSearch = z.object({ q: text, category: text, from: text });
export type AppsSearch = z.infer<typeof AppsSearch>;
/** Which action is shown. */
export const ActionsSearch = z.object({ action: text });
export const AppLogSearch = z.object({
  action: text,
  app: text,
  page: z.int().min(1).optional().catch(undefined),
});
export type AppLogSearch = z.infer<typeof AppLogSearch>;
