import { expect, it } from 'vitest';
import { fileName, toMarkdown } from './export.ts';
import type { Round } from './types.ts';

const round: Round = {
  id: 'r',
  parentId: null,
  siblings: ['r'],
  state: 'done',
  settings: {
    model: 'm',
    fallback: null,
    systemPrompt: '',
    chosen: { servers: [], groups: [], tools: null },
    options: {},
  },
  content: 'Add 1 and 2',
  attachments: [{ type: 'text', name: 'notes.txt', text: 'x' }],
  messages: [
    {
      role: 'assistant',
      turn: 1,
      message: {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'add', arguments: '{"a": "```"}' } }],
      },
      cut: false,
      model: 'm',
      usage: null,
      ms: 1,
      thoughtMs: null,
    },
    {
      role: 'tool',
      turn: 1,
      message: { role: 'tool', tool_call_id: 'c', content: 'Tool add succeeded:\n3' },
      detail: { server: 'demo', tool: 'add', title: null, requestId: null, ms: 1 },
    },
    {
      role: 'assistant',
      turn: 2,
      message: { role: 'assistant', content: 'It is 3.' },
      cut: false,
      model: 'm',
      usage: null,
      ms: 1,
      thoughtMs: null,
    },
  ],
  finish: 'stop',
  failure: null,
  canContinue: false,
  compacted: false,
  tokensIn: 0,
  tokensOut: 0,
  cost: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
};

it('writes what was said, what was called and what came of it', () => {
  const words = { you: 'You', untitled: 'Untitled' };
  expect(toMarkdown({ title: '' }, [round], words)).toBe(
    '# Untitled\n\n## You\n\nAdd 1 and 2\n\n- notes.txt\n\n**demo / add**\n\n````json\n{"a": "```"}\n````\n\n```\n3\n```\n\n## m\n\nIt is 3.\n',
  );
});

it('names the file by the title, in any script', () => {
  expect(fileName({ title: 'A/b: ..c?', id: 'x' }, 'md')).toBe('A-b-c.md');
  expect(fileName({ title: '天气', id: 'x' }, 'json')).toBe('天气.json');
  expect(fileName({ title: '///', id: 'x' }, 'md')).toBe('x.md');
});
