import { access } from './routers/access.ts';
import { account } from './routers/account.ts';
import { audit } from './routers/audit.ts';
import { auth } from './routers/auth.ts';
import { calls } from './routers/calls.ts';
import { groups } from './routers/groups.ts';
import { keys } from './routers/keys.ts';
import { live } from './routers/live.ts';
import { playground } from './routers/playground.ts';
import { servers } from './routers/servers.ts';
import { system } from './routers/system.ts';
import { users } from './routers/users.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  auth,
  account,
  users,
  groups,
  access,
  keys,
  servers,
  calls,
  audit,
  system,
  live,
  playground,
});
export type AppRouter = typeof appRouter;
