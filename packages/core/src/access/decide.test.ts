import { describe, expect, it } from 'vitest';
import { makePerson, unbounded } from '../testing.ts';
import { actionTable } from './actions.ts';
import { actions, decide, type Action, type Resource, type Subject } from './decide.ts';
import { everyItem, except, only } from './item-filter.ts';
import { roles, type Role } from './schema.ts';
import type { BoundKey, Person, ServerResource, Share } from './subject.ts';

function may(subject: Subject, action: Action, resource?: Resource): boolean {
  return decide(subject, action, resource).allowed;
}
function allowed(subject: Subject, resource?: Resource): Action[] {
  return actions.filter((action) => may(subject, action, resource));
}

function server(more: Partial<ServerResource> = {}): ServerResource {
  return {
    type: 'server',
    id: 's',
    createdBy: 'other',
    visibility: 'group',
    ...more,
  };
}
function key(more: Partial<BoundKey> = {}): BoundKey {
  return {
    id: 'k',
    scopes: ['*'],
    reach: null,
    ...unbounded,
    ...more,
  };
}

const none: Share = { read: false, write: false, inspect: null, use: null };
const shares = {
  none,
  read: { ...none, read: true, inspect: everyItem },
  execute: { ...none, read: true, inspect: everyItem, use: everyItem },
  write: { ...none, read: true, inspect: everyItem, write: true },
} satisfies Record<string, Share>;

/** The table in words: what a relation to a server lets a person do with it. */
const bySharing: Record<keyof typeof shares | 'owner' | 'everyone', Action[]> = {
  none: [],
  read: ['server.read', 'server.inspect'],
  execute: ['server.read', 'server.inspect', 'server.use', 'server.sign-in'],
  write: [
    'server.read',
    'server.inspect',
    'server.logs',
    'server.operate',
    'server.configure',
    'server.remove',
    'server.share',
  ],
  everyone: ['server.read', 'server.inspect', 'server.use', 'server.sign-in'],
  owner: [
    'server.read',
    'server.inspect',
    'server.use',
    'server.sign-in',
    'server.logs',
    'server.operate',
    'server.configure',
    'server.remove',
    'server.share',
    'secret.reveal',
  ],
};
const viewerActions: Action[] = ['server.read', 'server.inspect', 'server.logs'];
/** Asked about no server that there is. */
const ofNoServer: Action[] = [
  'server.run-process',
  'server.publish',
  'server.create',
  'server.import',
  'server.export',
];
const serverActions = actions.filter(
  (action) => (action.startsWith('server.') || action === 'secret.reveal') && !ofNoServer.includes(action),
);

function related(relation: keyof typeof bySharing, role: Role): [Person, ServerResource] {
  if (relation === 'owner') return [makePerson(role), server({ createdBy: 'u' })];
  if (relation === 'everyone') return [makePerson(role), server({ visibility: 'everyone' })];
  return [makePerson(role, { shares: new Map([['s', shares[relation]]]) }), server()];
}

describe('decide on servers', () => {
  const relations = Object.keys(bySharing) as (keyof typeof bySharing)[];
  const cases = relations.flatMap((relation) => roles.map((role) => [relation, role] as const));

  it.each(cases)('gives what the table says: %s, %s', (relation, role) => {
    const [person, resource] = related(relation, role);
    for (const action of serverActions) {
      const listed = bySharing[relation].includes(action) && (role !== 'viewer' || viewerActions.includes(action));
      expect([action, may(person, action, resource)]).toEqual([action, role === 'admin' || listed]);
    }
  });

  it.each(cases)('makes absent what may not be read: %s, %s', (relation, role) => {
    const [person, resource] = related(relation, role);
    const readable = may(person, 'server.read', resource);
    for (const action of serverActions) {
      const decision = decide(person, action, resource);
      if (!decision.allowed) expect([action, decision.visible]).toEqual([action, readable]);
    }
  });

  it('takes no share into account at a private server', () => {
    const person = makePerson('user', { shares: new Map([['s', shares.write]]) });
    expect(allowed(person, server({ visibility: 'private' }))).toEqual([
      'session.create',
      'session.refresh',
      'user.register',
    ]);
  });

  it('lets programs be run by admins and those who were granted it', () => {
    for (const role of roles) expect(may(makePerson(role), 'server.run-process')).toBe(role === 'admin');
    for (const role of roles) {
      const person = makePerson(role, { grants: ['server.run-process', 'container.manage'] });
      expect(may(person, 'server.run-process')).toBe(role !== 'viewer');
      expect(may(person, 'container.manage')).toBe(role !== 'viewer');
    }
  });

  it('lets those who were granted it work on engines, with what is theirs', () => {
    const granted = makePerson('user', { grants: ['container.manage'] });
    const onEngine = actions.filter((action) => /^(engine|container|image|volume|network|stack)\./.test(action));
    for (const role of roles) {
      const person = makePerson(role);
      expect(onEngine.filter((action) => may(person, action))).toEqual(role === 'admin' ? onEngine : []);
    }
    expect(onEngine.filter((action) => !may(granted, action))).toEqual(['container.unconfined']);
    expect(may(makePerson('viewer', { grants: ['container.manage'] }), 'container.read')).toBe(false);
    const own = { type: 'container', owner: granted.userId } as const;
    const others = { type: 'container', owner: 'somebody' } as const;
    const nobodys = { type: 'image', owner: null, shared: true } as const;
    expect(may(granted, 'container.remove', own)).toBe(true);
    expect(decide(granted, 'container.read', others)).toMatchObject({ allowed: false, visible: false });
    expect(decide(granted, 'container.read', { ...others, owner: null })).toMatchObject({ visible: false });
    expect(may(granted, 'image.read', nobodys)).toBe(true);
    expect(decide(granted, 'image.remove', nobodys)).toMatchObject({ allowed: false, visible: true });
    expect(may(makePerson('admin'), 'container.remove', others)).toBe(true);
    expect(may(makePerson('user'), 'container.read', own)).toBe(false);
  });

  it('goes by the items that are left, for looking and for using', () => {
    const share: Share = { ...none, read: true, inspect: { tool: except(['hidden']) }, use: { tool: only(['a']) } };
    const person = makePerson('user', { shares: new Map([['s', share]]) });
    function at(name: string) {
      return server({ item: { type: 'tool', name } });
    }
    expect(may(person, 'server.use', at('a'))).toBe(true);
    expect(may(person, 'server.use', at('b'))).toBe(false);
    expect(may(person, 'server.inspect', at('b'))).toBe(true);
    expect(decide(person, 'server.inspect', at('hidden'))).toMatchObject({ allowed: false, visible: false });
    expect(may(person, 'server.use', server({ item: { type: 'prompt', name: 'p' } }))).toBe(true);
  });

  it('counts only what a group gives at its endpoint', () => {
    const through = { groupId: 'g', use: everyItem };
    const member = makePerson('user', { groups: new Map([['g', 'member']]) });
    expect(may(member, 'server.use', server({ through }))).toBe(true);
    expect(may(member, 'server.use', server({ through, visibility: 'private' }))).toBe(false);
    expect(may(member, 'server.use', server({ through: { ...through, use: null } }))).toBe(false);
    expect(may(makePerson('user'), 'server.use', server({ through, visibility: 'everyone' }))).toBe(false);
    expect(may(makePerson('admin'), 'server.use', server({ through }))).toBe(true);
  });
});

describe('decide on groups', () => {
  const group: Resource = { type: 'group', id: 'g' };
  function inGroup(role: Role, as: 'member' | 'manager') {
    return makePerson(role, { groups: new Map([['g', as]]) });
  }
  const groupActions = actions.filter((action) => action.startsWith('group.') && action !== 'group.create');

  it('lets members look, use and leave, and managers of the group manage it', () => {
    const asMember = groupActions.filter((action) => may(inGroup('user', 'member'), action, group));
    expect(asMember).toEqual(['group.read', 'group.use', 'group.leave']);
    const asManager = groupActions.filter((action) => !may(inGroup('user', 'manager'), action, group));
    expect(asManager).toEqual(['group.widen']);
    expect(groupActions.filter((action) => !may(inGroup('manager', 'manager'), action, group))).toEqual([
      'group.widen',
    ]);
  });

  it('is absent for everybody else but admins, managers by role included', () => {
    for (const role of ['manager', 'user', 'viewer'] as const) {
      for (const action of groupActions) {
        expect(decide(makePerson(role), action, group)).toMatchObject({ allowed: false, visible: false });
      }
    }
    for (const action of groupActions) expect(may(makePerson('admin'), action, group)).toBe(true);
  });

  it('lets viewers look', () => {
    const may_ = groupActions.filter((action) => may(inGroup('viewer', 'manager'), action, group));
    expect(may_).toEqual(['group.read', 'group.leave']);
  });
});

describe('decide on people and what is theirs', () => {
  const mine: Resource[] = [
    { type: 'user', id: 'u' },
    { type: 'key', userId: 'u' },
    { type: 'grant', userId: 'u' },
    { type: 'session', userId: 'u' },
    { type: 'call', userId: 'u', keyId: null },
    { type: 'audit', userId: 'u' },
  ];
  const foreign: Resource[] = [
    { type: 'user', id: 'other' },
    { type: 'key', userId: 'other' },
    { type: 'grant', userId: 'other' },
    { type: 'session', userId: 'other' },
    { type: 'call', userId: null, keyId: null },
    { type: 'audit', userId: null },
  ];
  const open: Action[] = ['session.create', 'session.refresh', 'user.register'];

  it('hides from all but admins what is not theirs', () => {
    for (const role of ['manager', 'user', 'viewer'] as const) {
      for (const resource of foreign) {
        expect(allowed(makePerson(role), resource)).toEqual(open);
        for (const action of actions.filter((name) => !open.includes(name))) {
          expect(decide(makePerson(role), action, resource)).toMatchObject({ allowed: false, visible: false });
        }
      }
    }
  });

  it('never gives anybody but admins what is for admins', () => {
    const forAdmins: Action[] = [
      'user.list',
      'user.create',
      'user.manage',
      'user.approve',
      'user.remove',
      'audit.configure',
    ];
    for (const role of ['manager', 'user', 'viewer'] as const) {
      for (const resource of [undefined, ...mine, ...foreign]) {
        for (const action of forAdmins) expect(may(makePerson(role), action, resource)).toBe(false);
      }
    }
  });

  it('lets the hub itself and admins do everything', () => {
    const everything: Subject = { type: 'everything' };
    for (const resource of [undefined, server({ visibility: 'private' }), ...mine, ...foreign]) {
      expect(allowed(everything, resource)).toEqual(actions);
    }
    const admin = makePerson('admin');
    expect(allowed(admin)).toEqual(actions);
    for (const resource of [server(), server({ visibility: 'private' })]) {
      for (const action of serverActions) expect([action, may(admin, action, resource)]).toEqual([action, true]);
    }
    for (const resource of [...mine, ...foreign]) {
      for (const action of ['user.remove', 'key.revoke', 'session.end', 'call.read', 'audit.read'] as const) {
        expect(may(admin, action, resource)).toBe(true);
      }
    }
  });

  it('refuses an action that is not done to such an object, to admins too', () => {
    const container: Resource = { type: 'container', owner: 'u' };
    const odd: [Action, Resource][] = [
      ['server.create', server({ createdBy: 'u' })],
      ['group.update', server({ createdBy: 'u' })],
      ['server.read', { type: 'group', id: 'g' }],
      ['stack.read', container],
      ['metrics.read', { type: 'user', id: 'u' }],
    ];
    const grants = ['container.manage'];
    for (const [action, resource] of odd) {
      for (const role of roles) {
        expect([action, may(makePerson(role, { grants }), action, resource)]).toEqual([action, false]);
      }
    }
  });

  it('lets anonymous callers sign in, refresh and register, and nothing else', () => {
    for (const resource of [undefined, server({ visibility: 'everyone' }), ...mine, ...foreign]) {
      expect(allowed({ type: 'anonymous' }, resource)).toEqual(open);
    }
  });

  it('leaves nothing but a new password to who has to change it', () => {
    for (const role of roles) {
      const subject = makePerson(role, { mustChangePassword: true });
      expect(allowed(subject)).toEqual([
        'session.create',
        'session.read',
        'session.refresh',
        'session.end',
        'account.read',
        'account.password',
        'user.register',
      ]);
    }
  });
});

describe('decide for keys', () => {
  const resources: (Resource | undefined)[] = [
    undefined,
    server(),
    server({ createdBy: 'u' }),
    server({ visibility: 'everyone' }),
    { type: 'group', id: 'g' },
    { type: 'user', id: 'u' },
    { type: 'call', userId: 'u', keyId: null },
  ];
  const bounds: Partial<BoundKey>[] = [
    {},
    { scopes: ['read'] },
    { scopes: ['execute'] },
    { scopes: ['server.*'] },
    { servers: ['s'], reach: new Set(['s']) },
    { groups: ['g'], reach: new Set(['s']) },
    { endpoints: ['g'], reach: new Set() },
    { tools: ['s/a'], reach: new Set(['s']) },
  ];

  it('never gives a key more than its owner has', () => {
    for (const role of roles) {
      const owner = makePerson(role, { groups: new Map([['g', 'manager']]) });
      for (const more of bounds) {
        for (const resource of resources) {
          const mine = allowed(owner, resource);
          for (const action of allowed({ ...owner, key: key(more) }, resource)) expect(mine).toContain(action);
        }
      }
    }
  });

  it('goes by words: actions, families, and read, execute, manage', () => {
    function admin(scopes: string[]) {
      return allowed({ ...makePerson('admin'), key: key({ scopes }) }).filter(
        (a) => !a.startsWith('session.') && a !== 'user.register',
      );
    }
    expect(admin(['server.use'])).toEqual(['server.use']);
    expect(admin(['key.*'])).toEqual(['key.read', 'key.revoke']);
    expect(admin(['server.us', 'serv.*'])).toEqual([]);
    expect(admin(['read']).every((action) => actionTable[action].kind === 'read')).toBe(true);
    expect(admin(['execute'])).toEqual([
      'server.use',
      'model.use',
      'conversation.write',
      'app.use',
      'graph.use',
      'group.use',
    ]);
  });

  const peopleOnly: Action[] = [
    'key.create',
    'key.update',
    'grant.create',
    'grant.read',
    'grant.revoke',
    'secret.reveal',
    'server.give',
    'server.sign-in',
    'user.empower',
    'account.password',
    'account.mfa',
  ];

  it('never lets a key make keys, see secrets or change the account', () => {
    const subject = { ...makePerson('admin'), key: key() };
    for (const action of peopleOnly) {
      expect(may(subject, action)).toBe(false);
    }
  });

  it('confines a key to its servers and groups, and lets it widen nothing', () => {
    const subject = { ...makePerson('admin'), key: key({ servers: ['s'], reach: new Set(['s']) }) };
    expect(may(subject, 'server.use', server())).toBe(true);
    expect(decide(subject, 'server.use', server({ id: 't' }))).toMatchObject({ allowed: false, visible: false });
    for (const action of [
      'server.create',
      'server.import',
      'server.share',
      'group.create',
      'user.create',
      'audit.read',
    ] as const) {
      expect(may(subject, action)).toBe(false);
    }
    expect(may(subject, 'group.read', { type: 'group', id: 'g' })).toBe(false);
  });

  it('shows a confined key the calls made with it and no others', () => {
    for (const role of roles) {
      const subject = { ...makePerson(role), key: key({ servers: ['s'], reach: new Set(['s']) }) };
      function read(keyId: string | null, userId: string | null = 'u') {
        return may(subject, 'call.read', { type: 'call', userId, keyId });
      }
      expect([read('k'), read('other'), read(null), read(null, null)]).toEqual([true, false, false, false]);
      expect(may({ ...subject, key: key() }, 'call.read', { type: 'call', userId: 'u', keyId: null })).toBe(true);
      expect(may(subject, 'session.read', { type: 'session', userId: 'u' })).toBe(false);
    }
  });

  it('lets a key with tools use these and no prompt', () => {
    const subject = { ...makePerson('admin'), key: key({ tools: ['s/a'], reach: new Set(['s']) }) };
    function at(type: 'tool' | 'prompt', name: string) {
      return server({ item: { type, name } });
    }
    expect(may(subject, 'server.use', at('tool', 'a'))).toBe(true);
    expect(may(subject, 'server.use', at('tool', 'b'))).toBe(false);
    expect(may(subject, 'server.use', at('prompt', 'a'))).toBe(false);
  });

  it.each<[string, Partial<BoundKey>, Action[]]>([
    ['tools', { tools: ['s/a'] }, []],
    ['tools of a server that it names', { tools: ['s/a'], servers: ['s'] }, []],
    ['tools at an endpoint', { tools: ['s/a'], endpoints: ['s'] }, []],
    ['tools of a group', { tools: ['s/a'], groups: ['g'] }, ['group.read']],
    ['a server as its endpoint', { endpoints: ['s'] }, []],
    ['a group as its endpoint', { endpoints: ['g'] }, ['group.read']],
    ['the endpoint of all servers', { endpoints: ['all'] }, []],
  ])('lets a key confined to %s look and use, and manage nothing', (_what, bounds, more) => {
    const subject = { ...makePerson('admin'), key: key({ reach: new Set(['s']), ...bounds }) };
    function at(family: string, resource?: Resource) {
      return allowed(subject, resource).filter((action) => action.startsWith(family));
    }
    expect(at('server.', server())).toEqual(['server.read', 'server.inspect', 'server.use']);
    expect(decide(subject, 'server.remove', server())).toMatchObject({ allowed: false, visible: true });
    expect(decide(subject, 'server.remove', server({ id: 't' }))).toMatchObject({ allowed: false, visible: false });
    expect(at('server.')).toEqual(['server.read', 'server.inspect', 'server.use']);
    expect(at('group.')).toEqual(['group.read', 'group.use']);
    const atGroup = at('group.', { type: 'group', id: 'g' }).filter((action) => action !== 'group.use');
    expect(atGroup).toEqual(more);
  });

  it('lets a key that names a group or a server whole manage that one', () => {
    function subject(bounds: Partial<BoundKey>) {
      return {
        ...makePerson('admin'),
        key: key({ reach: new Set(['s']), ...bounds }),
      };
    }
    for (const bounds of [{ groups: ['g'] }, { groups: ['g'], endpoints: ['g'] }]) {
      expect(may(subject(bounds), 'group.update', { type: 'group', id: 'g' })).toBe(true);
      expect(may(subject(bounds), 'group.remove', { type: 'group', id: 'h' })).toBe(false);
    }
    expect(may(subject({ servers: ['s'] }), 'server.configure', server())).toBe(true);
    expect(may(subject({ servers: ['s'] }), 'server.configure', server({ id: 't' }))).toBe(false);
  });
});
