import { access } from './routers/access.ts';
import { account } from './routers/account.ts';
import { audit } from './routers/audit.ts';
import { auth } from './routers/auth.ts';
import { calls } from './routers/calls.ts';
import { containers } from './routers/containers.ts';
import { engines } from './routers/engines.ts';
import { groups } from './routers/groups.ts';
import { images } from './routers/images.ts';
import { jobs } from './routers/jobs.ts';
import { keys } from './routers/keys.ts';
import { live } from './routers/live.ts';
import { networks } from './routers/networks.ts';
import { playground } from './routers/playground.ts';
import { servers } from './routers/servers.ts';
import { stacks } from './routers/stacks.ts';
import { system } from './routers/system.ts';
import { users } from './routers/users.ts';
import { volumes } from './routers/volumes.ts';
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
  jobs,
  live,
  playground,
  engines,
  containers,
  images,
  volumes,
  networks,
  stacks,
});
export type AppRouter = typeof appRouter;
