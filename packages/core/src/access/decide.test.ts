import { describe, expect, it } from 'vitest';
import type { Actor } from '../context.ts';
import { actions, decide, may, type Action, type Resource } from './decide.ts';
import type { Role } from './schema.ts';

const user = (role: Role, id = 'u'): Actor => ({ type: 'user', id, username: id, role, sessionId: 's' });
const key = (role: Role, scopes: string[] = ['*'], userId = 'u'): Actor => ({
  type: 'key',
  id: 'k',
  userId,
  username: userId,
  role,
  scopes,
});
const own: Resource = { type: 'server', createdBy: 'u' };
const foreign: Resource = { type: 'server', createdBy: 'other' };
const nobodys: Resource = { type: 'server', createdBy: null };

const allowed = (actor: Actor, resource?: Resource): Action[] =>
  actions.filter((action) => may(actor, action, resource));

describe('decide', () => {
  it.each([{ type: 'local' }, { type: 'system', job: 'x' }, user('admin')] as Actor[])(
    'lets %j do everything',
    (actor) => {
      for (const resource of [undefined, own, foreign, nobodys]) expect(allowed(actor, resource)).toEqual([...actions]);
    },
  );

  it('lets anonymous callers sign in and nothing else', () => {
    expect(allowed({ type: 'anonymous' })).toEqual(['session.create']);
  });

  it('lets users do with their own all but run processes', () => {
    expect(actions.filter((action) => !may(user('user'), action, own))).toEqual(['server.run-process']);
  });

  it('hides from users, managers and viewers what is not theirs', () => {
    for (const role of ['user', 'manager', 'viewer'] as const) {
      for (const resource of [
        foreign,
        nobodys,
        { type: 'key', userId: 'other' },
        { type: 'call', userId: null },
      ] as Resource[]) {
        expect(allowed(user(role), resource)).toEqual([]);
        expect(decide(user(role), 'server.read', resource)).toMatchObject({ allowed: false, visible: false });
      }
    }
  });

  it('lets viewers look at and use what is theirs, not change it', () => {
    expect(decide(user('viewer'), 'server.configure', own)).toMatchObject({ allowed: false, visible: true });
    expect(may(user('viewer'), 'server.read', own)).toBe(true);
    expect(may(user('viewer'), 'server.create')).toBe(false);
  });

  it('bounds a key by its owner and its scopes, and never lets it make keys or see secrets', () => {
    for (const resource of [undefined, own, foreign]) {
      const owner = allowed(user('user'), resource);
      for (const action of allowed(key('user'), resource)) expect(owner).toContain(action);
    }
    expect(allowed(key('admin', ['server.use']))).toEqual(['server.use']);
    expect(allowed(key('admin', ['key.*']))).toEqual(['key.read', 'key.revoke']);
    expect(may(key('admin'), 'key.create')).toBe(false);
    expect(may(key('admin'), 'secret.reveal', own)).toBe(false);
  });

  it('does not take a scope for the start of another word', () => {
    expect(may(key('admin', ['server.us']), 'server.use')).toBe(false);
    expect(may(key('admin', ['serv.*']), 'server.use')).toBe(false);
  });
});
