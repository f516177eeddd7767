import { auth } from './routers/auth.ts';
import { calls } from './routers/calls.ts';
import { keys } from './routers/keys.ts';
import { live } from './routers/live.ts';
import { playground } from './routers/playground.ts';
import { servers } from './routers/servers.ts';
import { system } from './routers/system.ts';
import { router } from './trpc.ts';

export const appRouter = router({ auth, servers, calls, keys, system, live, playground });
export type AppRouter = typeof appRouter;
