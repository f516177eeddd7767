import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { loadServers, requireServer, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { absentUser, findUser } from '../users/queries.ts';
import { verb } from '../verb.ts';
import { isAtCommonEndpoint } from './common-endpoint.ts';
import { may } from './require.ts';
import { serverRights } from './rules.ts';
import { Explain, ExplainUser, type Explanation, type Obstacle, type Reason, type UserExplanation } from './schema.ts';
import type { Person } from './subject.ts';
import type { UserRow } from './users.ts';

const allRights = ['read', 'execute', 'write'] as const;

interface ExplainedUser {
  user: UserRow;
  person: Person;
}

/** Oneself, or somebody else for admins; others may not learn who there is. */
async function askedUser(ctx: Ctx, given: string | undefined): Promise<ExplainedUser> {
  const idOrName = given ?? userIdOf(ctx.actor);
  if (idOrName === null) throw new DomainError('precondition', say('withoutAccount'));
  const user = await findUser(ctx.db, idOrName);
  if (!user || !may(ctx, 'user.read', { type: 'user', id: user.id })) throw absentUser(idOrName);
  const { id, username, role } = user;
  const subject = ctx.access.directory.subjectOf({ type: 'user', id, username, role, sessionId: '' });
  if (subject.type !== 'person') throw absentUser(idOrName);
  return { user, person: subject };
}

/** The group someone is a member of through which an upper one's rights come; null where they come directly. */
function throughOf(ctx: Ctx, userId: string, groupId: string): string | null {
  const direct = ctx.access.directory.memberships(userId);
  if (direct.has(groupId)) return null;
  return [...direct.keys()].find((id) => ctx.access.directory.lineage(id).includes(groupId)) ?? null;
}

function reasonsOf(ctx: Ctx, { user, person }: ExplainedUser, server: ServerRow): Reason[] {
  const reasons: Reason[] = [];
  const plain = { group: null, through: null };
  if (person.role === 'admin') reasons.push({ by: 'admin', ...plain, gives: ['read', 'execute', 'write'] });
  if (server.createdBy === user.id) reasons.push({ by: 'owner', ...plain, gives: ['read', 'execute', 'write'] });
  if (server.visibility === 'everyone') reasons.push({ by: 'everyone', ...plain, gives: ['read', 'execute'] });
  for (const groupId of server.visibility === 'private' ? [] : person.groups.keys()) {
    const given = ctx.access.directory.assignments(groupId).find(({ serverId }) => serverId === server.id);
    if (!given) continue;
    const share = ctx.access.directory.shareOf(given);
    const held = { read: share.read, execute: share.use !== null, write: share.write };
    const gives = allRights.filter((right) => held[right]);
    if (gives.length > 0) {
      reasons.push({ by: 'group', group: groupId, through: throughOf(ctx, user.id, groupId), gives });
    }
  }
  return reasons;
}

function hindrances(ctx: Ctx, { user, person }: ExplainedUser, server: ServerRow): Obstacle[] {
  const found: Obstacle[] = [];
  if (user.disabled) found.push({ what: 'account_disabled' });
  if (user.mustChangePassword) found.push({ what: 'password_due' });
  if (person.role === 'viewer') found.push({ what: 'viewer' });
  if (server.visibility === 'private' && server.createdBy !== user.id && person.role !== 'admin') {
    found.push({ what: 'server_private' });
  }
  if (!isAtCommonEndpoint(ctx.access.directory, person, serverResource(server)))
    found.push({ what: 'own_endpoint_only' });
  if (server.desired !== 'on') found.push({ what: 'server_off', desired: server.desired });
  for (const groupId of person.groups.keys()) {
    const given = ctx.access.directory.assignments(groupId).find(({ serverId }) => serverId === server.id);
    const group = ctx.access.directory.group(groupId);
    if (!given || !group) continue;
    const lost = allRights.filter(
      (right) => given.permissions.includes(right) && !group.permissions.servers.includes(right),
    );
    if (lost.length > 0) found.push({ what: 'group_gives_less', group: groupId, lost });
    if (given.permissions.includes('execute') && !group.permissions.tools.includes('execute')) {
      found.push({ what: 'group_without_tools', group: groupId });
    }
  }
  return found;
}

function explainServer(ctx: Ctx, asked: ExplainedUser, server: ServerRow): Explanation {
  const rights = serverRights(asked.person, serverResource(server));
  const active = !asked.user.disabled && !asked.user.mustChangePassword;
  const changes = active && asked.person.role !== 'viewer';
  const tools = rights.use?.tool;
  return {
    userId: asked.user.id,
    serverId: server.id,
    serverName: server.name,
    read: active && rights.read,
    execute: changes && rights.use !== null,
    write: changes && rights.write,
    reveal: changes && rights.full,
    tools: tools ? { mode: tools.mode, names: [...tools.names].toSorted() } : null,
    because: reasonsOf(ctx, asked, server),
    but: hindrances(ctx, asked, server),
  };
}

/** The rights of a person at one server, with reasons. */
export const explain = verb(
  { name: 'access.explain', access: 'read', input: Explain },
  async (ctx, input): Promise<Explanation> => {
    const asked = await askedUser(ctx, input.user);
    return explainServer(ctx, asked, await requireServer(ctx, input.server));
  },
);

/** Everything somebody can do with servers, and why: those are left out that are nothing to that one. */
export const explainUser = verb(
  { name: 'access.explain', access: 'read', input: ExplainUser },
  async (ctx, input): Promise<UserExplanation> => {
    const asked = await askedUser(ctx, input.user);
    const { user, person } = asked;
    const rows = await loadServers(ctx.db);
    const seen = rows.filter((row) => may(ctx, 'server.read', serverResource(row)));
    const servers = seen.map((row) => explainServer(ctx, asked, row));
    return {
      userId: user.id,
      username: user.username,
      role: user.role,
      grants: user.grants,
      groups: [...person.groups].map(([id, role]) => ({ id, role, through: throughOf(ctx, user.id, id) })),
      servers: servers.filter(({ because }) => because.length > 0),
    };
  },
);
