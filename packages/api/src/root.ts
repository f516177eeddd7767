import * as routers from './routers/index.ts';
import { router } from './trpc.ts';

export const appRouter = router(routers);
export type AppRouter = typeof appRouter;
