import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userIdOf, type Actor } from '../actor.ts';
import { isOffered } from '../selected.ts';
import { createSelector, type SelectionSource } from '../selection.ts';
import { unbounded } from '../testing.ts';
import { isAtCommonEndpoint } from './common-endpoint.ts';
import { runtimeCredentialOf } from './credential.ts';
import { decide } from './decide.ts';
import { createDirectory } from './directory.ts';
import { roles } from './schema.ts';

const userIds = ['u0', 'u1', 'u2'];
const groupIds = ['g0', 'g1', 'g2', 'g3'];
const serverIds = ['s0', 's1', 's2'];
const tools = ['read', 'write'];

const permissions = fc.subarray(['read', 'write', 'execute']);
function names(of: string[]) {
  return fc.option(fc.subarray(of), { nil: null });
}

const users = fc.tuple(
  ...userIds.map((id) =>
    fc.record({
      id: fc.constant(id),
      username: fc.constant(id),
      role: fc.constantFrom(...roles),
      disabled: fc.boolean(),
      grants: fc.constant([]),
      mustChangePassword: fc.boolean(),
    }),
  ),
);
const groups = fc.tuple(
  ...groupIds.map((id) =>
    fc.record({
      id: fc.constant(id),
      displayName: fc.constant(id),
      // Circles cannot be stored; were there one, it must not hang anything.
      parentId: fc.option(fc.constantFrom(...groupIds), { nil: null }),
      permissions: fc.record({ servers: permissions, tools: fc.subarray(['read', 'execute']) }),
    }),
  ),
);
const servers = fc.tuple(
  ...serverIds.map((id) =>
    fc.record({
      id: fc.constant(id),
      name: fc.constant(id),
      createdBy: fc.option(fc.constantFrom(...userIds), { nil: null }),
      desired: fc.constantFrom('on' as const, 'stopped' as const, 'disabled' as const),
      visibility: fc.constantFrom('private' as const, 'group' as const, 'everyone' as const),
      recording: fc.constant('none' as const),
    }),
  ),
);
function pairs<More>(second: string[], more: fc.Arbitrary<More>) {
  return fc.uniqueArray(fc.tuple(fc.constantFrom(...groupIds), fc.constantFrom(...second), more), {
    selector: ([a, b]) => `${a}/${b}`,
  });
}

const source: fc.Arbitrary<SelectionSource> = fc
  .record({
    users,
    groups,
    servers,
    members: pairs(userIds, fc.constantFrom('member' as const, 'manager' as const)),
    assignments: pairs(serverIds, fc.record({ permissions, chosen: fc.subarray(['tool']) })),
    groupItems: pairs(serverIds, fc.record({ name: fc.constantFrom(...tools), enabled: fc.boolean() })),
    keys: fc.array(
      fc.record({
        userId: fc.constantFrom(...userIds),
        resources: fc.option(fc.subarray(['stack:local/web', 'engine:local']), { nil: null }),
        scopes: fc.subarray(['*', 'read', 'execute', 'manage', 'server.use', 'group.*']),
        endpoints: names(['all', ...groupIds, ...serverIds]),
        groups: names(groupIds),
        servers: names(serverIds),
        tools: names(serverIds.flatMap((id) => tools.map((tool) => `${id}/${tool}`))),
        name: fc.constant('key'),
        callsPerMinute: fc.constant(null),
      }),
      { maxLength: 3 },
    ),
    grants: fc.array(
      fc.record({
        userId: fc.constantFrom(...userIds),
        endpoint: fc.constantFrom('all', ...groupIds, ...serverIds),
        scopes: fc.constant([]),
        servers: names(serverIds),
        tools: names(serverIds.flatMap((id) => tools.map((tool) => `${id}/${tool}`))),
        name: fc.constant('client'),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ members, assignments, groupItems, keys, grants, ...rest }) => ({
    ...rest,
    items: [],
    members: members.map(([groupId, userId, role]) => ({ groupId, userId, role })),
    assignments: assignments.map(([groupId, serverId, more]) => ({ groupId, serverId, alias: null, ...more })),
    groupItems: groupItems.map(([groupId, serverId, more]) => ({
      groupId,
      serverId,
      type: 'tool' as const,
      rename: null,
      description: null,
      ...more,
    })),
    keys: keys.map((key, index) => ({ id: `k${index}`, ...key })),
    grants: grants.map((grant, index) => ({ id: `g${index}`, ...grant })),
  }));

function actorsOf(given: SelectionSource): Actor[] {
  return [
    { type: 'anonymous' },
    ...given.users.map(({ id, username, role }): Actor => ({ type: 'user', id, username, role, sessionId: 'session' })),
    ...given.keys.map((key): Actor => {
      const owner = given.users.find(({ id }) => id === key.userId);
      const { id, userId, scopes } = key;
      const role = owner?.role ?? 'viewer';
      return { type: 'key', id, userId, username: userId, role, scopes, bounds: unbounded };
    }),
    ...given.grants.map(({ id, userId, scopes, endpoint }): Actor => {
      const role = given.users.find((user) => user.id === userId)?.role ?? 'viewer';
      return { type: 'grant', id, userId, username: userId, role, scopes, endpoint, bounds: unbounded };
    }),
  ];
}

function load(given: SelectionSource) {
  const directory = createDirectory();
  const selector = createSelector(directory);
  selector.load(given);
  return { directory, selector };
}

describe('listing and calling', () => {
  it('agree with the decision, at every server by itself', () => {
    fc.assert(
      fc.property(source, (given) => {
        const { directory, selector } = load(given);
        for (const actor of actorsOf(given)) {
          const userId = userIdOf(actor);
          const alive = userId !== null && directory.user(userId)?.disabled === false;
          const all = selector.select(runtimeCredentialOf(actor), 'all');
          for (const server of given.servers) {
            const { id, createdBy, visibility, desired } = server;
            const inside = selector.selectServer(runtimeCredentialOf(actor), id);
            const selected = inside?.servers[0];
            for (const name of tools) {
              const item = { type: 'tool', name } as const;
              const resource = { type: 'server', id, createdBy, visibility, item } as const;
              const decided = decide(directory.subjectOf(actor), 'server.use', resource).allowed;
              const callable = selected !== undefined && isOffered(selected, 'tool', name);
              expect(callable).toBe(decided && alive && desired === 'on');
            }
            // The endpoint of all servers shows exactly what may be used, where the key may open it at all, but for
            // what an admin has at its own endpoint alone.
            const subject = directory.subjectOf(actor);
            const here = subject.type !== 'person' || isAtCommonEndpoint(directory, subject, server);
            const listed = here ? selected : undefined;
            if (all) expect(all.servers.find(({ serverId }) => serverId === id)).toEqual(listed);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never give more at a group’s endpoint than that group, and nothing to who is not in it', () => {
    fc.assert(
      fc.property(source, (given) => {
        const { directory, selector } = load(given);
        for (const actor of actorsOf(given)) {
          const subject = directory.subjectOf(actor);
          for (const groupId of groupIds) {
            const selection = selector.select(runtimeCredentialOf(actor), groupId);
            if (!selection) continue;
            expect(subject.type).toBe('person');
            if (subject.type !== 'person') continue;
            expect(subject.role === 'admin' || subject.groups.has(groupId)).toBe(true);
            expect(subject.role).not.toBe('viewer');
            expect(subject.mustChangePassword).toBe(false);
            for (const selected of selection.servers) {
              const assignment = directory.assignments(groupId).find(({ serverId }) => serverId === selected.serverId);
              expect(assignment?.permissions).toContain('execute');
              expect(directory.group(groupId)?.permissions.servers).toContain('execute');
              expect(directory.group(groupId)?.permissions.tools).toContain('execute');
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('give a key nothing that its owner has not', () => {
    fc.assert(
      fc.property(source, (given) => {
        const { selector } = load(given);
        for (const key of given.keys) {
          for (const endpoint of ['all', ...groupIds, ...serverIds]) {
            const byKey = selector.select({ key: `key:${key.userId}:${key.id}` }, endpoint);
            if (!byKey) continue;
            const byOwner = selector.select({ key: `user:${key.userId}:s` }, endpoint);
            for (const selected of byKey.servers) {
              const owned = byOwner?.servers.find(({ serverId }) => serverId === selected.serverId);
              expect(owned).toBeDefined();
              for (const name of tools) {
                if (isOffered(selected, 'tool', name)) expect(owned && isOffered(owned, 'tool', name)).toBe(true);
              }
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
