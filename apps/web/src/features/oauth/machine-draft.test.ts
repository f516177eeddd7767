import { describe, expect, test } from 'vitest';
import { emptyMachine, isReady, toMachine } from './machine-draft.ts';

describe('a machine client', () => {
  test('has a name, and something that it may do', () => {
    expect(isReady(emptyMachine)).toBe(false);
    expect(isReady({ ...emptyMachine, name: '  ' })).toBe(false);
    expect(isReady({ ...emptyMachine, name: 'nightly' })).toBe(true);
    expect(isReady({ ...emptyMachine, name: 'nightly', scopes: [] })).toBe(false);
    expect(isReady({ ...emptyMachine, name: 'nightly', tools: [] })).toBe(false);
  });

  test('reaches all servers where no endpoint is chosen, without bounds of its own', () => {
    expect(toMachine({ ...emptyMachine, name: ' nightly ' })).toEqual({
      name: 'nightly',
      endpoint: null,
      scopes: ['mcp:read', 'mcp:call'],
    });
  });

  test('is confined to what was chosen', () => {
    const draft = {
      name: 'ci',
      endpoint: 'team',
      scopes: ['mcp:read' as const],
      servers: null,
      tools: ['files/read'],
    };
    expect(toMachine(draft)).toEqual({
      name: 'ci',
      endpoint: 'team',
      scopes: ['mcp:read'],
      bounds: { servers: null, tools: ['files/read'] },
    });
  });
});
