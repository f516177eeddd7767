import { expect, test } from 'vitest';
import type { ToolCall } from '@switchboard/agents';
import type { AgentStepRow } from '../journal/rows.ts';
import { createLostCalls } from './lost-calls.ts';

function call(id: string, args: string): ToolCall {
  return { id, type: 'function', function: { name: 'send', arguments: args } };
}
const detail = { server: 's', tool: 'send', title: null, requestId: null, ms: 1 };

test('a hub that goes on with a round knows which answers were lost before it', () => {
  const steps = [
    {
      kind: 'turn',
      state: 'done',
      output: { turn: 1, message: { tool_calls: [call('a', '{"x":1,"y":{"b":1,"c":2}}')] } },
    },
    {
      kind: 'tool',
      state: 'done',
      output: { turn: 1, message: { tool_call_id: 'a' }, detail: { ...detail, isLost: true } },
    },
    {
      kind: 'turn',
      state: 'done',
      output: { turn: 2, message: { tool_calls: [call('a', '{"x":2}'), call('b', '{"x":3}')] } },
    },
    { kind: 'tool', state: 'done', output: { turn: 2, message: { tool_call_id: 'a' }, detail } },
    { kind: 'tool', state: 'started', output: null },
  ] as unknown as AgentStepRow[];
  const lost = createLostCalls(steps);
  const again = call('z', ' {"y": {"c": 2, "b": 1}, "x": 1}');
  expect([lost.has(again), lost.has(call('z', '{"x":2}')), lost.has(call('z', '{"x":3}'))]).toEqual([
    true,
    false,
    false,
  ]);
  // It was made again, and this time its answer came.
  lost.note(again, { repeatable: false }, detail);
  expect(lost.has(again)).toBe(false);
  lost.note(again, { repeatable: true }, { ...detail, isLost: true });
  expect(lost.has(again)).toBe(false);
  lost.note(again, { repeatable: false }, { ...detail, isLost: true });
  expect(lost.has(again)).toBe(true);
});
