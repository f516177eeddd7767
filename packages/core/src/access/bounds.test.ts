import { describe, expect, it } from 'vitest';
import { refsOf } from '../engines/owner.ts';
import { unbounded } from '../testing.ts';
import { actions, type Action } from './actions.ts';
import { decide } from './decide.ts';
import { resourceKindNames, resourceKinds, readReference } from './resource-kinds.ts';
import type { BoundKey, EngineResource, Person, Resource } from './subject.ts';

/** What keys that are confined to resources may, written down by hand. */

function subject(resources: string[] | null, more: Partial<BoundKey> = {}, of: Partial<Person> = {}): Person {
  return {
    type: 'person',
    userId: 'u',
    role: 'admin',
    grants: [],
    mustChangePassword: false,
    groups: new Map(),
    shares: new Map(),
    ...of,
    key: { id: 'k', scopes: ['*'], reach: new Set(), ...unbounded, resources, ...more },
  };
}

type At = Parameters<typeof refsOf>[2];
function on(type: EngineResource['type'], engine: string, at: At, more: Partial<EngineResource> = {}): EngineResource {
  return { type, owner: 'somebody', refs: refsOf(type, engine, at), ...more };
}

function may(person: Person, action: Action, resource?: Resource): boolean {
  return decide(person, action, resource).allowed;
}

const things: Readonly<Record<string, EngineResource>> = {
  'container of the stack': on('container', 'local', { names: ['web-app-1'], stack: 'web' }),
  'volume of the stack': on('volume', 'local', { names: ['web_data'], stack: 'web' }),
  'network of the stack': on('network', 'local', { names: ['web_default'], stack: 'web' }),
  'image of the stack': on('image', 'local', { names: ['web-app:latest'], stack: 'web' }),
  'the stack': on('stack', 'local', { names: ['web'] }),
  'container of another stack': on('container', 'local', { names: ['shop-app-1'], stack: 'shop' }),
  'container of no stack': on('container', 'local', { names: ['db'] }),
  'another stack': on('stack', 'local', { names: ['shop'] }),
  'stack whose name begins so': on('stack', 'local', { names: ['web2'] }),
  'container elsewhere': on('container', 'far', { names: ['web-app-1'], stack: 'web' }),
  'stack elsewhere': on('stack', 'far', { names: ['web'] }),
  'volume elsewhere': on('volume', 'far', { names: ['web_data'], stack: 'web' }),
  'pulled image': on('image', 'local', { names: ['nginx:1.27'] }, { owner: null, shared: true }),
  'container that says nothing': { type: 'container', owner: 'u' },
};

/** Everything of these that the key reaches, for looking at it and for removing it. */
function reached(resources: string[]): string[] {
  const person = subject(resources);
  return Object.entries(things).flatMap(([name, thing]) => {
    const looks = may(person, `${thing.type}.read`, thing);
    expect([name, may(person, `${thing.type}.remove`, thing)]).toEqual([name, looks]);
    return looks ? [name] : [];
  });
}

const ofStack = ['container of the stack', 'volume of the stack', 'network of the stack', 'image of the stack'];

describe('a key that names', () => {
  it.each<[string, string[], string[]]>([
    ['a stack reaches it and what is in it', ['stack:local/web'], [...ofStack, 'the stack']],
    [
      'a stack elsewhere reaches that one',
      ['stack:far/web'],
      ['container elsewhere', 'stack elsewhere', 'volume elsewhere'],
    ],
    [
      'an engine reaches all that is on it',
      ['engine:local'],
      Object.keys(things).filter((name) => !/elsewhere|nothing/.test(name)),
    ],
    ['a container reaches that one', ['container:local/db'], ['container of no stack']],
    ['a container of a stack reaches that one', ['container:local/web-app-1'], ['container of the stack']],
    ['an image reaches that one', ['image:local/nginx:1.27'], ['pulled image']],
    ['a volume reaches that one', ['volume:local/web_data'], ['volume of the stack']],
    ['a network reaches that one', ['network:local/web_default'], ['network of the stack']],
    [
      'several reaches each of them',
      ['container:local/db', 'stack:local/shop'],
      ['container of another stack', 'container of no stack', 'another stack'],
    ],
    ['no resource reaches none', [], []],
    ['a pattern reaches nothing', ['stack:local/*', 'container:*', 'engine:*'], []],
    ['a beginning reaches nothing', ['stack:local/we', 'engine:loc', 'container:local/d'], []],
    ['another case reaches nothing', ['stack:local/WEB', 'Stack:local/web'], []],
  ])('%s', (_what, resources, expected) => {
    expect(reached(resources)).toEqual(expected);
  });

  it.each<[string, string[], Action[]]>([
    [
      'a stack',
      ['stack:local/web'],
      [
        'container.manage',
        'engine.read',
        'container.read',
        'container.operate',
        'container.exec',
        'container.write-files',
        'container.remove',
        'image.read',
        'image.remove',
        'volume.read',
        'volume.remove',
        'network.read',
        'network.remove',
        'stack.read',
        'stack.update',
        'stack.reveal',
        'stack.operate',
        'stack.remove',
      ],
    ],
    [
      'a container',
      ['container:local/db'],
      [
        'container.manage',
        'container.read',
        'container.operate',
        'container.exec',
        'container.write-files',
        'container.remove',
      ],
    ],
    ['a volume', ['volume:local/data'], ['volume.read', 'volume.remove']],
    ['nothing', [], []],
  ])('%s may ask for these rights on engines, and no others', (_what, resources, expected) => {
    const onEngines = actions.filter((action) => /^(engine|container|image|volume|network|stack)\./.test(action));
    expect(onEngines.filter((action) => may(subject(resources), action))).toEqual(expected);
  });

  it('an engine may all there but reach the host', () => {
    const onEngines = actions.filter((action) => /^(engine|container|image|volume|network|stack)\./.test(action));
    const key = subject(['engine:local']);
    expect(onEngines.filter((action) => !may(key, action))).toEqual(['container.unconfined']);
    for (const type of ['container', 'image', 'volume', 'network', 'stack'] as const) {
      const make: Action = type === 'image' ? 'image.pull' : `${type}.create`;
      expect([type, may(key, make, on(type, 'local', {}, { owner: 'u' }))]).toEqual([type, true]);
      expect([type, may(key, make, on(type, 'far', {}, { owner: 'u' }))]).toEqual([type, false]);
    }
    expect(may(key, 'engine.read', { type: 'engine', refs: ['engine:local'] })).toBe(true);
    expect(may(key, 'engine.read', { type: 'engine', refs: ['engine:far'] })).toBe(false);
  });

  it('a stack makes nothing, not even one of its name, and does not know its engine', () => {
    const key = subject(['stack:local/web', 'engine:far']);
    expect(may(key, 'stack.create', on('stack', 'local', { names: ['web'] }, { owner: 'u' }))).toBe(false);
    expect(may(key, 'stack.adopt', on('stack', 'local', { names: ['web'] }, { owner: 'u' }))).toBe(false);
    expect(may(key, 'container.create', on('container', 'local', { stack: 'web' }, { owner: 'u' }))).toBe(false);
    expect(may(key, 'engine.read', { type: 'engine', refs: ['engine:local'] })).toBe(false);
  });

  it('a stack may run what is everybody’s, and not look at it', () => {
    const key = subject(['stack:local/web']);
    const pulled = things['pulled image'] as EngineResource;
    expect(may(key, 'image.read', { ...pulled, isRun: true })).toBe(true);
    expect(may(key, 'image.read', { ...pulled, isRun: true, shared: false })).toBe(false);
    expect(may(key, 'image.remove', { ...pulled, isRun: true, owner: 'somebody', shared: false })).toBe(false);
    expect(decide(key, 'image.read', pulled)).toMatchObject({ allowed: false, visible: false });
  });

  it('resources alone reaches no server, group, call or account of anybody', () => {
    const key = subject(['engine:local']);
    const server: Resource = { type: 'server', id: 's', createdBy: 'u', visibility: 'everyone' };
    const through: Resource = { ...server, through: { groupId: 'g', use: {} } };
    const others: Resource[] = [
      server,
      through,
      { type: 'group', id: 'g' },
      { type: 'user', id: 'u' },
      { type: 'key', userId: 'u' },
      { type: 'session', userId: 'u' },
      { type: 'call', userId: 'u', keyId: null },
      { type: 'audit', userId: 'u' },
    ];
    for (const resource of others) {
      const asked = actions.filter((action) => action.startsWith(`${resource.type}.`) && action !== 'session.create');
      const allowed = asked.filter(
        (action) => action !== 'session.refresh' && action !== 'user.register' && may(key, action, resource),
      );
      expect([resource.type, allowed]).toEqual([resource.type, []]);
    }
    for (const action of [
      'key.create',
      'key.update',
      'key.read',
      'key.revoke',
      'server.create',
      'user.create',
    ] as const) {
      expect([action, may(key, action)]).toEqual([action, false]);
    }
  });

  it('resources and servers reaches both', () => {
    const key = subject(['stack:local/web'], { servers: ['s'], reach: new Set(['s']) });
    const server: Resource = { type: 'server', id: 's', createdBy: 'u', visibility: 'everyone' };
    expect(may(key, 'server.configure', server)).toBe(true);
    expect(may(key, 'server.use', { ...server, id: 't' })).toBe(false);
    expect(may(key, 'stack.operate', things['the stack'])).toBe(true);
    expect(may(key, 'stack.operate', things['another stack'])).toBe(false);
  });

  it('servers and no resources may nothing on engines, as the words say', () => {
    const key = subject(null, { servers: ['s'], reach: new Set(['s']) });
    const reason = 'This API key is confined to some servers or groups: it may not container.read.';
    expect(decide(key, 'container.read')).toMatchObject({ allowed: false, why: { text: reason } });
    expect(decide(key, 'container.read', things['container of no stack'])).toMatchObject({
      allowed: false,
      why: { text: reason },
    });
  });

  it('a resource may no more than its account and its words', () => {
    const granted = { role: 'user', grants: ['container.manage'] } as const;
    const key = subject(['engine:local'], {}, granted);
    expect(may(key, 'stack.read', things['the stack'])).toBe(false);
    expect(may(key, 'stack.read', { ...(things['the stack'] as EngineResource), owner: 'u' })).toBe(true);
    expect(may(subject(['engine:local'], {}, { role: 'user' }), 'stack.read')).toBe(false);
    expect(may(subject(['engine:local'], { scopes: ['stack.read'] }), 'stack.operate')).toBe(false);
  });
});

it('a reference has a kind of the table and a name, and every example is one', () => {
  expect(resourceKindNames.map((kind) => readReference(resourceKinds[kind].example)?.kind)).toEqual(resourceKindNames);
  expect(readReference('image:local/nginx:1.27')).toEqual({ kind: 'image', name: 'local/nginx:1.27' });
  for (const wrong of [
    '',
    'stack',
    'stack:',
    ':local',
    'graph:a',
    'constructor:a',
    'Stack:local/web',
    'stack local/web',
  ]) {
    expect([wrong, readReference(wrong)]).toEqual([wrong, null]);
  }
});
