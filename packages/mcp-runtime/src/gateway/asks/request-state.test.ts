import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRequestStates } from './request-state.ts';

const state = { kind: 'upstream', serverId: 's', state: 'secret of the server' } as const;
const refused = /Invalid requestState/;

describe('a request state', () => {
  test('opens for whom it was sealed, and hides what is in it', () => {
    const states = createRequestStates();
    const sealed = states.seal('me', state);
    expect(states.open('me', sealed)).toEqual(state);
    expect(Buffer.from(sealed.slice(4), 'base64url').toString('latin1')).not.toContain('secret');
  });

  test('is another each time', () => {
    const states = createRequestStates();
    expect(states.seal('me', state)).not.toBe(states.seal('me', state));
  });

  test('is refused for another credential or endpoint', () => {
    const states = createRequestStates();
    expect(() => states.open(JSON.stringify(['me', 'b']), states.seal(JSON.stringify(['me', 'a']), state))).toThrow(
      refused,
    );
  });

  test('is refused after a restart', () => {
    expect(() => createRequestStates().open('me', createRequestStates().seal('me', state))).toThrow(refused);
  });

  test('is refused when a single bit was changed', () => {
    const states = createRequestStates();
    const sealed = Buffer.from(states.seal('me', state).slice(4), 'base64url');
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(() => states.open('me', `sb1.${changed.toString('base64url')}`)).toThrow(refused);
      }),
    );
  });

  test('is refused whatever text it is', () => {
    const states = createRequestStates();
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (text, prefixed) => {
        expect(() => states.open('me', prefixed ? `sb1.${text}` : text)).toThrow(refused);
      }),
    );
  });
});
