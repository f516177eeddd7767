import { describe, expect, it } from 'vitest';
import { actions, actionTable } from './actions.ts';
import { actionsOf } from './scopes.ts';

function of(scope: string): string[] {
  return [...actionsOf(scope)].toSorted();
}

describe('words of keys', () => {
  it('for reading stand for nothing else, whatever they are about', () => {
    const families = new Set(actions.map((action) => action.split('.')[0] ?? ''));
    for (const family of families) {
      for (const word of [`${family}:read`, `${family}s:read`]) {
        const kinds = new Set([...actionsOf(word)].map((action) => actionTable[action].kind));
        expect([word, ...kinds].filter((kind) => kind === 'manage' || kind === 'execute')).toEqual([]);
      }
    }
  });

  it.each([
    ['containers:read', ['container.read']],
    ['container:read', ['container.read']],
    ['containers:execute', ['container.read']],
    ['keys:read', ['key.read']],
    ['stacks:read', ['stack.read']],
    ['stacks:write', actions.filter((action) => action.startsWith('stack.')).toSorted()],
    ['stack.*', actions.filter((action) => action.startsWith('stack.')).toSorted()],
    ['servers:read', ['server.inspect', 'server.logs', 'server.read']],
    ['tools:execute', ['group.use', 'server.inspect', 'server.read', 'server.use']],
    ['users:read', ['user.find', 'user.list', 'user.read']],
    ['server.use', ['server.use']],
    [
      'execute',
      ['app.use', 'conversation.write', 'graph.use', 'group.use', 'model.use', 'server.sign-in', 'server.use'],
    ],
  ])('%s stands for %j', (word, expected) => {
    expect(of(word)).toEqual(expected);
  });

  it.each(['foo:read', 'servers:look', 'server.foo', 'foo.*', 'servers', '', ':', 'servers:read:write', '*:foo'])(
    '%j stands for nothing',
    (word) => {
      expect(of(word)).toEqual([]);
    },
  );
});
