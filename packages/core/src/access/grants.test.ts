import { describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import { createSelector, type SelectionSource } from '../selection.ts';
import { actions, actionTable } from './actions.ts';
import { actorOf } from './behind.ts';
import { decide } from './decide.ts';
import { createDirectory, emptySource } from './directory.ts';
import { grantBounds } from './grants.ts';

const everyone = { visibility: 'everyone', recording: 'none', desired: 'on', createdBy: null } as const;
const whole = { servers: null, tools: null };
const plain = { userId: 'u', name: 'Some client', scopes: ['mcp:read', 'mcp:call'] };

const source: SelectionSource = {
  ...emptySource,
  servers: [
    { id: 'one', name: 'One', ...everyone },
    { id: 'two', name: 'Two', ...everyone },
  ],
  items: [],
  users: [
    { id: 'u', username: 'user', role: 'user', disabled: false, grants: [], mustChangePassword: false },
    { id: 'gone', username: 'gone', role: 'admin', disabled: true, grants: [], mustChangePassword: false },
  ],
  grants: [
    { id: 'here', endpoint: 'one', ...plain, ...whole },
    { id: 'all', endpoint: 'all', ...plain, ...whole },
    { id: 'some', endpoint: 'all', ...plain, servers: ['two'], tools: null },
    { id: 'few', endpoint: 'all', ...plain, servers: null, tools: ['one/read'] },
    { id: 'late', endpoint: 'all', ...plain, ...whole, userId: 'gone' },
  ],
};

function load(from = source) {
  const directory = createDirectory();
  const selector = createSelector(directory);
  selector.load(from);
  function seen(id: string, endpoint: string, userId = 'u') {
    return selector.select({ key: `grant:${userId}:${id}` }, endpoint)?.servers.map(({ serverId }) => serverId) ?? null;
  }
  return { directory, selector, seen };
}

describe('a grant', () => {
  it('opens its one endpoint', () => {
    const { seen } = load();
    expect(seen('here', 'one')).toEqual(['one']);
    for (const endpoint of ['all', 'two', 'no-such']) expect(seen('here', endpoint)).toBeNull();
    expect(seen('all', 'all')).toEqual(['one', 'two']);
    expect(seen('all', 'one')).toBeNull();
  });

  it('is confined to the servers and tools that its person named', () => {
    const { seen, selector } = load();
    expect(seen('some', 'all')).toEqual(['two']);
    expect(seen('few', 'all')).toEqual(['one']);
    const [one] = selector.select({ key: 'grant:u:few' }, 'all')?.servers ?? [];
    expect(one?.only).toMatchObject({ tool: ['read'], prompt: [] });
  });

  it('is nobody’s but its person’s, and ends with that one’s account and with itself', () => {
    const { seen, directory, selector } = load();
    expect(seen('all', 'all', 'gone')).toBeNull();
    expect(seen('late', 'all', 'gone')).toBeNull();
    expect(actorOf(directory, { type: 'grant', userId: 'u', grantId: 'all' })).toMatchObject({ role: 'user' });
    selector.load({ ...source, grants: [] });
    expect(seen('all', 'all')).toBeNull();
    expect(actorOf(directory, { type: 'grant', userId: 'u', grantId: 'all' })).toBeNull();
  });

  it('follows the rights of its person', () => {
    const { seen, selector } = load();
    selector.load({
      ...source,
      servers: source.servers.map((server) => ({ ...server, visibility: 'private' as const })),
    });
    expect(seen('all', 'all')).toEqual([]);
    selector.load({ ...source, users: source.users.map((user) => ({ ...user, role: 'viewer' as const })) });
    expect(seen('all', 'all')).toBeNull();
  });

  it('manages nothing, whoever its person is', () => {
    const { directory } = load({ ...source, users: source.users.map((user) => ({ ...user, role: 'admin' as const })) });
    const actor: Actor = {
      type: 'grant',
      id: 'all',
      userId: 'u',
      username: 'user',
      role: 'admin',
      scopes: ['mcp:read', 'mcp:call'],
      endpoint: 'all',
      bounds: grantBounds(whole),
    };
    const subject = directory.subjectOf(actor);
    const managed = actions.filter(
      (action) => actionTable[action].kind === 'manage' && actionTable[action].least !== 'anyone',
    );
    expect(managed.length).toBeGreaterThan(20);
    for (const action of managed) expect([action, decide(subject, action).allowed]).toEqual([action, false]);
    expect(decide(subject, 'server.use').allowed).toBe(true);
  });
});
