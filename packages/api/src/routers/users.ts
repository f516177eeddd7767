import { z } from 'zod';
import { listSessions } from '@switchboard/core/account';
import * as core from '@switchboard/core/users';
import * as schema from '@switchboard/core/users/schema';
import { authed, router } from '../trpc.ts';

const when = z.coerce.date().optional();
const ListInput = schema.ListUsers.extend({ createdAfter: when, createdBefore: when, lastLoginAfter: when });
const ByUserId = z.object({ userId: z.string().min(1).max(64) });

export const users = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => core.listUsers(ctx.core, input)),
  find: authed.input(schema.FindUsers).query(({ ctx, input }) => core.findUsers(ctx.core, input)),
  get: authed.input(schema.UserById).query(({ ctx, input }) => core.getUser(ctx.core, input)),
  create: authed.input(schema.CreateUser).mutation(({ ctx, input }) => core.createUser(ctx.core, input)),
  update: authed.input(schema.UpdateUser).mutation(({ ctx, input }) => core.updateUser(ctx.core, input)),
  remove: authed.input(schema.UserById).mutation(({ ctx, input }) => core.removeUser(ctx.core, input)),
  approve: authed.input(schema.UserById).mutation(({ ctx, input }) => core.approveUser(ctx.core, input)),
  resetMfa: authed.input(schema.UserById).mutation(({ ctx, input }) => core.resetUserMfa(ctx.core, input)),
  sessions: authed.input(ByUserId).query(({ ctx, input }) => listSessions(ctx.core, input)),
  endSessions: authed.input(schema.UserById).mutation(({ ctx, input }) => core.endUserSessions(ctx.core, input)),
});
