import { describe, expect, test } from 'vitest';
import { decisionOf, draftOf, isComplete, isThere } from './consent-draft.ts';

const asked = { uid: 'u1', scopes: ['mcp:read' as const, 'mcp:call' as const], has: null };

describe('what a person lets a program do', () => {
  test('is at first all that was asked for', () => {
    const draft = draftOf(asked);
    expect(isComplete(draft)).toBe(true);
    expect(decisionOf(asked, draft)).toEqual({
      uid: 'u1',
      allow: true,
      scopes: ['mcp:read', 'mcp:call'],
    });
  });

  test('changes no list of what was asked for', () => {
    draftOf(asked).scopes.pop();
    expect(asked.scopes).toEqual(['mcp:read', 'mcp:call']);
  });

  test('stays within what the program is confined to already', () => {
    const has = { scopes: ['mcp:read' as const], bounds: { servers: null, tools: ['files/read'] } };
    expect(decisionOf(asked, draftOf({ ...asked, has }))).toMatchObject({
      scopes: asked.scopes,
      bounds: { tools: ['files/read'] },
    });
  });

  test('is nothing at an endpoint that is not there', () => {
    expect(isThere({ endpoint: { slug: 'x', url: '', title: null } })).toBe(false);
    for (const slug of [null, 'x']) expect(isThere({ endpoint: { slug, url: '', title: 'X' } })).toBe(true);
  });

  test('says only the bounds that were set', () => {
    expect(decisionOf(asked, { ...draftOf(asked), tools: ['files/read'] })).toMatchObject({
      bounds: { tools: ['files/read'] },
    });
    expect(decisionOf(asked, { ...draftOf(asked), servers: ['files'], tools: null })).toEqual({
      uid: 'u1',
      allow: true,
      scopes: asked.scopes,
      bounds: { servers: ['files'] },
    });
  });

  test.each([
    ['no kind of deed', { scopes: [], servers: null, tools: null }],
    ['no server', { scopes: ['mcp:read' as const], servers: [], tools: null }],
    ['no tool', { scopes: ['mcp:read' as const], servers: ['files'], tools: [] }],
  ])('is nothing with %s', (_, draft) => {
    expect(isComplete(draft)).toBe(false);
  });
});
