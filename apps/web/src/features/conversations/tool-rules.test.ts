import { expect, test } from 'vitest';
import { rulesByServer, toolsWithout, type ToolRule } from './tool-rules.ts';

function rule(serverId: string, tool: string): ToolRule {
  const of = { scope: 'person', groupId: null, conversationId: null } as const;
  return { id: `${serverId}/${tool}`, serverId, tool, verdict: 'allow', createdAt: '2026-01-01T00:00:00.000Z', ...of };
}

const rules = [rule('b', 'one'), rule('a', 'two'), rule('b', 'three')];

test('rules stand under their server, as it is called', () => {
  const listed = rulesByServer(rules, [
    { id: 'a', name: 'Weather' },
    { id: 'b', name: 'Files' },
  ]);
  expect(listed.map(({ name, rules: of }) => [name, of.map(({ tool }) => tool)])).toEqual([
    ['Files', ['one', 'three']],
    ['Weather', ['two']],
  ]);
});

test('a server that is not seen any more goes by its id', () => {
  expect(rulesByServer(rules, []).map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a tool can be chosen where nothing is said of it, and of the same name elsewhere', () => {
  expect(toolsWithout(rules, 'b', ['one', 'two', 'three'])).toEqual(['two']);
  expect(toolsWithout(rules, 'c', ['one'])).toEqual(['one']);
});
