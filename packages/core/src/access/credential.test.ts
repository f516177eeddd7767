import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import {
  credentialOf,
  credentialText,
  holderOf,
  readCredential,
  runtimeCredentialOf,
  type Credential,
} from './credential.ts';

const id = fc.stringMatching(/^[\w-]{1,40}$/);

const credentials: fc.Arbitrary<Credential> = fc.oneof(
  fc.record({ type: fc.constant('user' as const), userId: id, sid: id }),
  fc.record({ type: fc.constant('key' as const), userId: id, keyId: id }),
  fc.record({ type: fc.constant('grant' as const), userId: id, grantId: id }),
  fc.record({ type: fc.constantFrom('local' as const, 'anonymous' as const) }),
  fc.record({ type: fc.constant('system' as const), job: fc.string() }),
);

describe('a credential', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(credentials, (credential) => {
        expect(readCredential(credentialText(credential))).toEqual(credential);
      }),
    );
  });

  it('of no known kind is nobody’s', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^(local$|(user|key|grant|system):)/.test(text));
        expect(readCredential(text)).toEqual({ type: 'anonymous' });
      }),
    );
  });

  it.each<[Actor, string, string]>([
    [
      { type: 'user', id: 'u1', username: 'ada', role: 'user', sessionId: '0123456789abcdef0123456789abcdef' },
      'user:u1:0123456789abcdef',
      'u1',
    ],
    [
      {
        type: 'key',
        id: 'k1',
        userId: 'u1',
        username: 'ada',
        role: 'user',
        scopes: [],
        bounds: { endpoints: null, groups: null, servers: null, tools: null, resources: null },
      },
      'key:u1:k1',
      'u1',
    ],
    [
      {
        type: 'grant',
        id: 'g1',
        userId: 'u1',
        username: 'ada',
        role: 'user',
        scopes: [],
        endpoint: 'all',
        bounds: { endpoints: null, groups: null, servers: null, tools: null, resources: null },
      },
      'grant:u1:g1',
      'u1',
    ],
    [{ type: 'local' }, 'local', 'local'],
    [{ type: 'anonymous' }, 'anonymous', 'anonymous'],
    [{ type: 'system', job: 'retention' }, 'system:retention', 'system'],
  ])('shows the runtime who acts, and never a whole session handle: %#', (actor, key, person) => {
    expect(runtimeCredentialOf(actor)).toEqual({ key, person });
    expect(readCredential(key)).toEqual(credentialOf(actor));
  });

  it('tells the user and the key behind it', () => {
    expect(holderOf({ type: 'user', userId: 'u', sid: 's' })).toEqual({ userId: 'u', keyId: null });
    expect(holderOf({ type: 'key', userId: 'u', keyId: 'k' })).toEqual({ userId: 'u', keyId: 'k' });
    expect(holderOf({ type: 'system', job: 'u' })).toEqual({ userId: null, keyId: null });
  });
});
