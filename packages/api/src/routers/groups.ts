import { z } from 'zod';
import * as core from '@switchboard/core/groups';
import * as schema from '@switchboard/core/groups/schema';
import { authed, router } from '../trpc.ts';

const when = z.coerce.date().optional();
const ListInput = schema.ListGroups.extend({ createdAfter: when, createdBefore: when });
const ByGroup = schema.MemberRef.omit({ userId: true });

export const groups = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => core.listGroups(ctx.core, input)),
  get: authed.input(schema.GroupById).query(({ ctx, input }) => core.getGroup(ctx.core, input)),
  create: authed.input(schema.CreateGroup).mutation(({ ctx, input }) => core.createGroup(ctx.core, input)),
  update: authed.input(schema.UpdateGroup).mutation(({ ctx, input }) => core.updateGroup(ctx.core, input)),
  versions: authed.input(schema.GroupById).query(({ ctx, input }) => core.listGroupVersions(ctx.core, input)),
  diff: authed.input(schema.DiffGroup).query(({ ctx, input }) => core.diffGroupVersions(ctx.core, input)),
  restore: authed.input(schema.RestoreGroup).mutation(({ ctx, input }) => core.restoreGroup(ctx.core, input)),
  remove: authed.input(schema.GroupById).mutation(({ ctx, input }) => core.removeGroup(ctx.core, input)),
  members: authed.input(schema.ListMembers).query(({ ctx, input }) => core.listMembers(ctx.core, input)),
  addMember: authed.input(schema.AddMember).mutation(({ ctx, input }) => core.addMember(ctx.core, input)),
  updateMember: authed.input(schema.UpdateMember).mutation(({ ctx, input }) => core.updateMember(ctx.core, input)),
  approveMember: authed.input(schema.MemberRef).mutation(({ ctx, input }) => core.approveMember(ctx.core, input)),
  removeMember: authed.input(schema.MemberRef).mutation(({ ctx, input }) => core.removeMember(ctx.core, input)),
  servers: authed.input(schema.GroupById).query(({ ctx, input }) => core.listGroupServers(ctx.core, input)),
  addServer: authed.input(schema.AddServerToGroup).mutation(({ ctx, input }) => core.addServerToGroup(ctx.core, input)),
  updateServer: authed
    .input(schema.UpdateGroupServer)
    .mutation(({ ctx, input }) => core.updateGroupServer(ctx.core, input)),
  removeServer: authed
    .input(schema.GroupServerRef)
    .mutation(({ ctx, input }) => core.removeServerFromGroup(ctx.core, input)),
  items: authed.input(schema.GroupServerRef).query(({ ctx, input }) => core.listGroupItems(ctx.core, input)),
  setItem: authed.input(schema.SetGroupItem).mutation(({ ctx, input }) => core.setGroupItem(ctx.core, input)),
  chooseItems: authed
    .input(schema.ChooseGroupItems)
    .mutation(({ ctx, input }) => core.chooseGroupItems(ctx.core, input)),
  exposure: authed.input(schema.GroupById).query(({ ctx, input }) => core.getGroupExposure(ctx.core, input)),
  leave: authed.input(ByGroup).mutation(({ ctx, input }) => core.leaveGroup(ctx.core, input)),
});
