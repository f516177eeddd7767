import { afterAll, describe, expect, test } from 'vitest';
import { titleIn, titlePrompt } from '../chat/title.ts';
import {
  createGraphReader,
  createToolReader,
  graphPrompt,
  missingOfGraph,
  missingOfTool,
  toolPrompt,
} from '../generation/index.ts';
import { accumulate } from '../providers/accumulate.ts';
import { createProviders } from '../providers/providers.ts';
import type { Message, Tool, TurnOptions } from '../types.ts';
import { demoModel } from './model.ts';

const providers = createProviders();
afterAll(() => providers.close());

function tool(name: string): Tool {
  return { type: 'function', function: { name, description: `Does ${name}.\nAnd more.` } };
}

function ask(messages: readonly Message[], tools: readonly Tool[] = [], options: TurnOptions = {}) {
  return accumulate(providers.runTurn(demoModel, messages, tools, new AbortController().signal, options));
}

function user(content: string): Message {
  return { role: 'user', content };
}

describe('the demo model', () => {
  test('says that it is a script', async () => {
    const answer = await ask([user('Hello')]);
    expect(answer.message.content).toMatch(/a script, no artificial intelligence/);
    expect(answer).toMatchObject({ finish_reason: 'stop', model: 'demo' });
    expect(answer.usage?.total_tokens).toBeGreaterThan(answer.usage?.prompt_tokens ?? 0);
  });

  test('makes a small graph, and a small tool, for whoever asks for them as dialogues do', async () => {
    const may = { models: [], servers: [] };
    async function madeBy(prompt: string): Promise<string> {
      return (await ask([{ role: 'system', content: prompt }, user('Make something')])).message.content ?? '';
    }
    const graph = createGraphReader(null);
    graph.push(await madeBy(graphPrompt(may)));
    graph.end();
    expect(missingOfGraph(graph.draft())).toEqual([]);
    expect(graph.draft().nodes.map(({ name, model_name: model }) => [name, model])).toEqual([
      ['first', 'demo'],
      ['second', 'demo'],
    ]);
    for (const language of ['python', 'node'] as const) {
      const tool = createToolReader(null);
      tool.push(await madeBy(toolPrompt(language)));
      tool.end();
      expect(missingOfTool(tool.draft())).toEqual([]);
    }
    expect(await madeBy(graphPrompt(may, 'unknown'))).toContain('I leave this graph as it is.');
  });

  test('lists its tools', async () => {
    const { message } = await ask([user('Which tools do you have?')], [tool('add'), tool('sub')]);
    expect(message.content).toContain('- add: Does add.\n- sub: Does sub.');
    expect((await ask([user('工具?')])).message.content).toBe('I have no tools here.');
  });

  test('calls the tool that is named, and tells what came back', async () => {
    const asked = user('Please:\ncall add {"a": 1,\n "b": {"c": "}"}}\nThanks');
    const { message, finish_reason: finish } = await ask([asked], [tool('add')]);
    expect(finish).toBe('tool_calls');
    const [call] = message.tool_calls ?? [];
    expect(call?.function).toEqual({ name: 'add', arguments: '{"a":1,"b":{"c":"}"}}' });
    const results: Message[] = [{ role: 'tool', tool_call_id: call?.id ?? '', content: 'x'.repeat(500) }];
    const told = await ask([asked, message, ...results], [tool('add')]);
    expect(told.message.content).toBe(`This is what came back:\n- add answered (500 characters): ${'x'.repeat(400)}…`);
    expect(told.message.tool_calls).toBeUndefined();
  });

  test('gives a conversation the title that was asked first', async () => {
    const said: Message[] = [user('Which tools do you have?\nAll of them.'), { role: 'assistant', content: 'None.' }];
    const { message } = await ask(titlePrompt(said));
    expect(titleIn(message.content ?? '', 'None.')).toEqual({ title: 'Which tools do you have?', tags: [] });
  });

  test('says what is wrong with a call', async () => {
    expect((await ask([user('call nothing {}')], [tool('add')])).message.content).toMatch(/no tool "nothing".*- add/s);
    expect((await ask([user('call add [1}')], [tool('add')])).message.content).toMatch(/have to be a JSON object/);
    expect((await ask([user('call add')], [tool('add')])).message.tool_calls).toMatchObject([
      { function: { arguments: '{}' } },
    ]);
  });

  test('hands over to the node that is named, or to the only one, and not for ever', async () => {
    const ways = [tool('transfer_to_writer'), tool('transfer_to_critic')];
    expect((await ask([user('Ask the critic')], ways)).message.tool_calls).toMatchObject([
      { function: { name: 'transfer_to_critic' } },
    ]);
    expect((await ask([user('Hello')], ways)).message.tool_calls).toBeUndefined();
    const once = await ask([user('Hello')], ways.slice(0, 1));
    expect(once.message.tool_calls).toMatchObject([{ function: { name: 'transfer_to_writer' } }]);
    expect(
      (await ask([user(`Hello. ${once.message.content}`)], [tool('transfer_to_boss')])).message.tool_calls,
    ).toBeUndefined();
  });

  test('does as a choice of tools says', async () => {
    const forced = await ask([user('Hi')], [tool('add')], { parameters: { tool_choice: 'required' } });
    expect(forced.message.tool_calls).toHaveLength(1);
    const none = await ask([user('call add')], [tool('add')], { parameters: { tool_choice: 'none' } });
    expect(none.message.tool_calls).toBeUndefined();
  });

  test('comes in pieces or at once, and ends when it is given up', async () => {
    const signal = new AbortController();
    const pieces = await Array.fromAsync(providers.runTurn(demoModel, [user('Hi')], [], signal.signal));
    const whole = await Array.fromAsync(
      providers.runTurn(demoModel, [user('Hi')], [], signal.signal, { stream: false }),
    );
    expect(pieces.length).toBeGreaterThan(8);
    expect(whole).toHaveLength(3);
    expect((await accumulate(whole)).message).toEqual((await accumulate(pieces)).message);
    signal.abort();
    await expect(ask([user('Hi')])).resolves.toBeDefined();
    await expect(Array.fromAsync(providers.runTurn(demoModel, [user('Hi')], [], signal.signal))).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  test('is the only one of its kind', async () => {
    expect(await providers.listModels(demoModel, new AbortController().signal)).toHaveLength(1);
  });
});
