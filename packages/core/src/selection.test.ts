import { describe, expect, it } from 'vitest';
import { emptySource } from './access/directory.ts';
import { except, only } from './access/item-filter.ts';
import { isOffered, narrowed } from './selected.ts';
import { createSelector, type SelectionSource } from './selection.ts';
import { unbounded } from './testing.ts';

const plainServer = { visibility: 'group', recording: 'none' } as const;
const plainUser = { disabled: false, grants: [], mustChangePassword: false };
const wide = { servers: ['read', 'execute'], tools: ['read', 'execute'] };
const plainKey = { ...unbounded, name: 'key', callsPerMinute: null };

function source(more: Partial<SelectionSource> = {}): SelectionSource {
  return {
    ...emptySource,
    servers: [
      { id: 'one', name: 'One', createdBy: 'u1', desired: 'on', ...plainServer },
      { id: 'two', name: 'Two', createdBy: null, desired: 'on', ...plainServer },
      { id: 'off', name: 'Off', createdBy: 'u1', desired: 'disabled', ...plainServer },
      { id: 'halted', name: 'Halted', createdBy: 'u1', desired: 'stopped', ...plainServer },
    ],
    items: [],
    users: [
      { id: 'a', username: 'admin', role: 'admin', ...plainUser, disabled: false },
      { id: 'u1', username: 'user', role: 'user', ...plainUser, disabled: false },
      { id: 'u2', username: 'gone', role: 'admin', ...plainUser, disabled: true },
    ],
    keys: [
      { id: 'k1', userId: 'u1', scopes: ['*'], ...plainKey },
      { id: 'k2', userId: 'a', scopes: ['server.read'], ...plainKey },
    ],
    ...more,
  };
}

function item(name: string, more: object = {}) {
  return {
    serverId: 'one',
    type: 'tool' as const,
    name,
    enabled: false,
    description: null,
    callsPerMinute: null,
    updatedAt: new Date(0),
    ...more,
  };
}

function load(from = source()) {
  const selector = createSelector();
  selector.load(from);
  function ids(key: string, endpoint = 'all') {
    return selector.select({ key }, endpoint)?.servers.map(({ serverId }) => serverId);
  }
  return { selector, ids };
}

describe('a selection', () => {
  const everyone = source().servers.map((server) => ({ ...server, visibility: 'everyone' as const }));
  const more = [...source().users, { id: 'u3', username: 'other', role: 'user' as const, ...plainUser }];

  it('is one object for all who see the same, and stays it while that does not change', () => {
    const from = source({ servers: everyone.map((server) => ({ ...server, createdBy: null })), users: more });
    const { selector } = load(from);
    const first = selector.select({ key: 'user:u1:s' }, 'all');
    expect(selector.select({ key: 'user:u3:s' }, 'all')).toBe(first);
    selector.load({ ...from, groups: [{ id: 'g', displayName: 'G', parentId: null, permissions: wide }] });
    expect(selector.select({ key: 'user:u3:s' }, 'all')).toBe(first);
    expect(selector.select({ key: 'user:u1:s' }, 'all')).toBe(first);
  });

  it('shares its servers with those of others, keys that are narrowed in the same way included', () => {
    const narrow = { ...plainKey, scopes: ['*'], tools: ['one/read'] };
    const keys = [
      { id: 'k3', userId: 'u1', ...narrow },
      { id: 'k4', userId: 'u3', ...narrow },
    ];
    const { selector } = load(source({ servers: everyone, users: more, keys }));
    const [mine, theirs] = ['user:u1:s', 'user:u3:s'].map((key) => selector.select({ key }, 'all')?.servers[1]);
    expect(mine).toBeDefined();
    expect(theirs).toBe(mine);
    const [one, two] = ['key:u1:k3', 'key:u3:k4'].map((key) => selector.select({ key }, 'one'));
    expect(one?.servers[0]?.only).toMatchObject({ tool: ['read'] });
    expect(two?.servers[0]?.only).toEqual(one?.servers[0]?.only);
  });

  it('is another at once when a right is taken away', () => {
    const { selector, ids } = load(source({ servers: everyone, users: more }));
    expect(ids('user:u3:s')).toEqual(['one', 'two']);
    selector.load(source({ users: more }));
    expect(ids('user:u3:s')).toEqual([]);
  });
});

describe('the common endpoint of an admin', () => {
  const stranger = { id: 'theirs', name: 'Theirs', createdBy: 'u1', desired: 'on', recording: 'none' } as const;
  function idsOf(visibility: 'private' | 'group' | 'everyone', more: Partial<SelectionSource> = {}) {
    return load(source({ ...more, servers: [{ ...stranger, visibility }] })).ids;
  }
  const groups = [{ id: 'g', displayName: 'G', parentId: null, permissions: wide }];
  const assignments = [{ groupId: 'g', serverId: 'theirs', permissions: ['execute'], alias: null, chosen: [] }];

  it('leaves out what a user registered and no group has, which is at its own', () => {
    for (const visibility of ['private', 'group'] as const) {
      const ids = idsOf(visibility);
      expect([ids('user:a:s'), ids('user:a:s', 'theirs')]).toEqual([[], ['theirs']]);
      expect([ids('user:u1:s'), ids('local')]).toEqual([['theirs'], ['theirs']]);
    }
  });

  it('has what a group or everybody uses, and what is the admin’s, another’s or nobody’s', () => {
    expect(idsOf('everyone')('user:a:s')).toEqual(['theirs']);
    expect(idsOf('group', { groups, assignments })('user:a:s')).toEqual(['theirs']);
    expect(idsOf('private', { groups, assignments })('user:a:s')).toEqual([]);
    for (const createdBy of [null, 'a', 'u2']) {
      const { ids } = load(source({ servers: [{ ...stranger, createdBy, visibility: 'private' }] }));
      expect(ids('user:a:s')).toEqual(['theirs']);
    }
  });
});

describe('select', () => {
  it('gives at `all` every server that is on and that the caller may use, prefixed, in order', () => {
    const { selector, ids } = load();
    expect(ids('user:a:s')).toEqual(['two']);
    expect(ids('local')).toEqual(['one', 'two']);
    expect(ids('user:u1:s')).toEqual(['one']);
    expect(selector.select({ key: 'local' }, 'all')).toMatchObject({ prefixed: true, endpoint: 'all' });
  });

  it('gives at a slug that server, unprefixed; nothing while it is stopped, and no endpoint where disabled', () => {
    const { selector, ids } = load();
    expect(selector.select({ key: 'user:u1:s' }, 'one')).toMatchObject({ prefixed: false, title: 'One' });
    expect(ids('user:u1:s', 'halted')).toEqual([]);
    expect(selector.select({ key: 'user:u1:s' }, 'off')).toBeNull();
    expect(selector.select({ key: 'user:a:s' }, 'unknown')).toBeNull();
    expect(selector.select({ key: 'user:a:s' }, 'ONE')).toBeNull();
  });

  it('says why an endpoint is closed to who may see the server, and nothing to anybody else', () => {
    const { selector } = load();
    const said = 'Server off is disabled; enable it first';
    expect(selector.whyClosed({ key: 'user:u1:s' }, 'off')).toBe(said);
    expect(selector.whyClosed({ key: 'user:a:s' }, 'off')).toBe(said);
    for (const key of ['user:x:s', 'user:u2:s', 'anonymous', '', 'key:u1:gone', 'key:u1:k2', 'user:u3:s']) {
      expect([key, selector.whyClosed({ key }, 'off')]).toEqual([key, null]);
    }
    for (const endpoint of ['one', 'halted', 'unknown', 'OFF', 'all']) {
      expect([endpoint, selector.whyClosed({ key: 'user:a:s' }, endpoint)]).toEqual([endpoint, null]);
    }
    selector.endSession('s');
    expect(selector.whyClosed({ key: 'user:a:s' }, 'off')).toBeNull();
  });

  it('knows no endpoint for strangers, disabled users, lost or narrow keys, and keys under a wrong owner', () => {
    const { selector } = load();
    for (const key of ['user:x:s', 'user:u2:s', 'anonymous', '', 'key:u1:gone', 'key:a:k2', 'key:a:k1', 'user:']) {
      expect([key, selector.select({ key }, 'all')]).toEqual([key, null]);
    }
    expect(selector.select({ key: 'user:u1:s' }, 'two')).toBeNull();
  });

  it('lets a key see what its owner sees', () => {
    expect(load().ids('key:u1:k1')).toEqual(['one']);
  });

  it('is the same object for every session of a user while nothing changes', () => {
    const { selector } = load();
    const first = selector.select({ key: 'user:u1:s1' }, 'all');
    expect(selector.select({ key: 'user:u1:s2' }, 'all')).toBe(first);
    expect(selector.load(source())).toBe(false);
    expect(selector.select({ key: 'user:u1:s1' }, 'all')).toBe(first);
  });

  it('changes only for who sees the change', () => {
    const { selector } = load();
    const user = selector.select({ key: 'user:u1:s' }, 'all');
    const admin = selector.select({ key: 'user:a:s' }, 'all');
    const servers = source().servers.filter(({ id }) => id !== 'two');
    expect(selector.load(source({ servers }))).toBe(true);
    expect(selector.select({ key: 'user:u1:s' }, 'all')).toBe(user);
    expect(selector.select({ key: 'user:a:s' }, 'all')).not.toBe(admin);
  });

  it('follows rights that are lost', () => {
    const { selector } = load();
    expect(selector.select({ key: 'key:u1:k1' }, 'one')).not.toBeNull();
    selector.load(source({ keys: [] }));
    expect(selector.select({ key: 'key:u1:k1' }, 'one')).toBeNull();
  });

  it('carries switches and descriptions, whatever their names', () => {
    const items = [
      item('constructor'),
      item('__proto__'),
      item('as-it-was', { enabled: true }),
      item('said', { description: 'x' }),
    ];
    const { selector } = load(source({ items }));
    const tools = selector.switches('one').overrides.tool ?? {};
    expect(Object.keys(tools)).toEqual(['constructor', '__proto__', 'said']);
    expect(tools['said']).toEqual({ enabled: false, description: 'x' });
    expect(selector.switches('nope')).toEqual({ overrides: {} });
  });

  it('leaves only what somebody switched on where all others of a type are off', () => {
    const others = item('', { enabled: false });
    const items = [others, item('b', { enabled: true }), item('a', { enabled: true, description: 'x' }), item('c')];
    const { selector } = load(source({ items }));
    const selected = selector.select({ key: 'user:a:s' }, 'one')?.servers[0];
    expect(selected?.only).toEqual({ tool: ['a', 'b'] });
    expect(['a', 'b', 'c', 'new'].filter((name) => selected && isOffered(selected, 'tool', name))).toEqual(['a', 'b']);
    // A filter of a key or group takes away, and gives nothing back.
    const less = selected && narrowed(selected, { tool: only(['b', 'new']) });
    expect(less?.only).toEqual({ tool: ['b'] });
    expect(selected && narrowed(selected, { tool: except(['b']) }).only).toEqual({ tool: ['a', 'b'] });
    expect(selected && narrowed(selected, { prompt: only(['p']) }).only).toEqual({ tool: ['a', 'b'], prompt: ['p'] });
    selector.load(source({ items: [{ ...others, enabled: true }, ...items.slice(1)] }));
    expect(selector.select({ key: 'user:a:s' }, 'one')?.servers[0]?.only).toBeUndefined();
  });
});
