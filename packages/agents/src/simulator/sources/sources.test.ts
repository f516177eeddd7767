import { describe, expect, test } from 'vitest';
import { compileApp } from '../compile.ts';
import { virusTotal } from '../testing.ts';
import { actionMessages, actionsIn } from './generated.ts';
import { actionsFromTools } from './tools.ts';

describe('actions that a model designed', () => {
  const input = {
    category: 'IM',
    name: 'WeChat',
    displayName: '微信',
    description: '即时通讯',
    prompt: '发送 {name} 消息',
  };

  test('are asked for with what is wanted', () => {
    const text = JSON.stringify(actionMessages(input));
    for (const word of ['IM', 'WeChat', '微信', '即时通讯', '发送 {name} 消息']) expect(text).toContain(word);
    expect(actionMessages(input, 'just {prompt}')[1]).toEqual({ role: 'user', content: 'just 发送 {name} 消息' });
  });

  test('are read from what it wrote', () => {
    const written = [
      {
        name: 'send message',
        display_name: '发送消息',
        description: '发送一条消息',
        parameters: [
          { key: 'to', type: 'String', required: true, description: '接收人', default: null, options: [] },
          { key: 'level', type: 'Integer', required: 'yes', default: 2, options: [1, 2] },
          { key: '' },
          'none',
        ],
      },
      { name: 'send message' },
      { description: 'nameless' },
    ];
    const { actions, problems } = actionsIn(`好的\n\`\`\`json\n${JSON.stringify(written)}\n\`\`\``);
    expect(actions.map(({ name }) => name)).toEqual(['send_message', 'send_message_2']);
    expect(actions[0]).toMatchObject({
      displayName: '发送消息',
      parameters: [
        { key: 'to', type: 'String', required: true, description: '接收人' },
        { key: 'level', type: 'Integer', required: false, default: 2, options: [1, 2] },
      ],
    });
    expect(problems).toEqual([{ where: 'action 3', message: 'It has no name' }]);
  });

  test('may stand in an object, and may be missing', () => {
    expect(actionsIn('{"actions": [{"name": "a"}]}').actions).toHaveLength(1);
    expect(actionsIn('{"name": "a"}').actions).toHaveLength(1);
    expect(actionsIn('Sorry').problems).toHaveLength(1);
    expect(actionsIn('[1, null, "a"]').actions).toEqual([]);
  });
});

describe('actions like the tools of a server', () => {
  const inputSchema = {
    type: 'object',
    properties: { a: { type: 'integer', description: 'first', default: 1 }, b: { anyOf: [{ type: 'string' }] } },
    required: ['a'],
    additionalProperties: false,
  };
  const tool = {
    name: 'math.add',
    title: 'Add',
    description: 'Adds',
    inputSchema,
    annotations: { readOnlyHint: true },
  };

  test('keep their schemas', () => {
    const { actions, problems } = actionsFromTools([tool, { name: 'bare' }]);
    expect(problems).toEqual([]);
    expect(actions[0]).toMatchObject({
      name: 'math.add',
      displayName: 'Add',
      parameters: [
        { key: 'a', type: 'Integer', required: true, description: 'first', default: 1 },
        { key: 'b', type: 'String', required: false },
      ],
    });
    expect(compileApp(virusTotal(actions)).tools).toEqual([
      { name: 'math.add', description: 'Add - Adds', inputSchema, annotations: { readOnlyHint: true } },
      { name: 'bare', description: 'bare', inputSchema: { type: 'object' } },
    ]);
  });

  test('without those that cannot be taken over', () => {
    const big = { name: 'big', inputSchema: { description: 'x'.repeat(300_000) } };
    const { actions, problems } = actionsFromTools([tool, tool, null, { name: 7 }, big, { name: 'x'.repeat(200) }]);
    expect(actions).toHaveLength(1);
    expect(problems.map(({ where }) => where)).toEqual(['math.add', 'tool 3', 'tool 4', 'big', 'x'.repeat(200)]);
    expect(actionsFromTools('no').problems).toHaveLength(1);
    expect(actionsFromTools(Array.from({ length: 1001 }, (_each, at) => ({ name: `t${at}` })))).toMatchObject({
      problems: [{ where: 'tools' }],
    });
  });
});
