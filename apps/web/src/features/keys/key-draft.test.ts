import { expect, it } from 'vitest';
import { emptyDraft, isBound, toCreate, toUpdate } from './key-draft.ts';

it('asks for a key that may all that its owner may', () => {
  expect(toCreate({ ...emptyDraft, name: 'Laptop' })).toEqual({
    name: 'Laptop',
    scopes: ['*'],
    endpoints: null,
    groups: null,
    servers: null,
    tools: null,
    resources: null,
    callsPerMinute: null,
  });
});

it('asks for fewer kinds and places', () => {
  const asked = toCreate({ ...emptyDraft, scopes: ['execute'], servers: ['demo'], callsPerMinute: '60', days: '7' });
  expect(asked).toMatchObject({ scopes: ['execute'], servers: ['demo'], callsPerMinute: 60 });
  expect(new Date(String(asked.expiresAt)).getTime()).toBeGreaterThan(Date.now());
});

it('keeps, removes or sets the end of a key', () => {
  expect(toUpdate('k', { ...emptyDraft, days: 'keep' })).not.toHaveProperty('expiresAt');
  expect(toUpdate('k', { ...emptyDraft, days: '0' })).toHaveProperty('expiresAt', null);
});

it('knows a bound key', () => {
  const free = { scopes: ['*'], endpoints: null, groups: null, servers: null, tools: null, resources: null };
  expect([isBound(free), isBound({ ...free, tools: [] }), isBound({ ...free, scopes: ['read'] })]).toEqual([
    false,
    true,
    true,
  ]);
  expect(isBound({ ...free, resources: ['stack:local/web'] })).toBe(true);
});
