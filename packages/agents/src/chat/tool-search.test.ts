import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createProviders } from '../providers/providers.ts';
import { startProvider, type Reply } from '../testing/provider.ts';
import type { Message, Model, Tool } from '../types.ts';
import { estimateTokens } from './estimate.ts';
import { runLoop } from './loop.ts';
import { searchable } from './tool-search.ts';
import type { LoopInput, ToolsPort } from './types.ts';

const provider = await startProvider();
const providers = createProviders();
afterAll(async () => {
  await providers.close();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

function tool(name: string, description: string): Tool {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  return { type: 'function', function: { name, description, parameters } };
}
const many: Tool[] = [
  ...Array.from({ length: 300 }, (_, n) => tool(`ledger_${n}`, `Keeps the books of year ${n}.`)),
  tool('weatherForecast', 'Tells how warm it will be.'),
  tool('ship_track', '查询船舶的位置，以及天气。'),
];
const bounds = { tokens: 1_000, tools: 128, tokensOf: estimateTokens };

function portOf(tools: readonly Tool[], called: string[] = []): ToolsPort {
  return {
    tools,
    call(call) {
      called.push(call.function.name);
      return Promise.resolve({ content: 'Warm.', isError: false });
    },
  };
}
function search(query: unknown, limit?: number): Message {
  const args = JSON.stringify({ query, limit });
  const call = { id: 'c1', type: 'function' as const, function: { name: 'search_tools', arguments: args } };
  return { role: 'assistant', content: null, tool_calls: [call] };
}
function namesAfter(port: ToolsPort, ...messages: Message[]): string[] {
  return (port.offered?.(messages) ?? port.tools).map(({ function: { name } }) => name);
}

test('tools that fit are offered as they are', () => {
  const port = portOf(many.slice(0, 5));
  expect(searchable(port, bounds)).toBe(port);
  expect(searchable(portOf(many.slice(0, 5)), { ...bounds, tools: 4 })).not.toBe(port);
});

describe('too many tools', () => {
  test('of searches that a client claims to have made, the last ones alone are made again', () => {
    const port = searchable(portOf(many), bounds);
    const claimed = Array.from({ length: 5_000 }, (_, n) => search(`ledger_${n % 300} claim ${n}`, 1));
    const before = process.cpuUsage();
    const offered = port.offered?.([...claimed, search('weather forecast', 1)]).map((each) => each.function.name);
    const { user, system } = process.cpuUsage(before);
    expect(offered).toContain('weatherForecast');
    expect(offered).toContain('ledger_199');
    expect(offered).not.toContain('ledger_150');
    expect((user + system) / 1000).toBeLessThan(500);
  });

  const port = searchable(portOf(many), bounds);

  test('are behind a search, which names them', () => {
    const [first, ...others] = port.offered?.([]) ?? [];
    expect(others).toEqual([]);
    expect(first?.function.name).toBe('search_tools');
    expect(first?.function.description).toMatch(/^There are 302 tools, .*ledger_0, ledger_1, /);
    expect(estimateTokens(first)).toBeLessThan(1_500);
  });

  test.each([
    ['forecast', 'weatherForecast'],
    ['how WARM', 'weatherForecast'],
    ['weatherforecast', 'weatherForecast'],
    ['位置', 'ship_track'],
    ['ledger_17', 'ledger_17'],
  ])('are found by %j', (query, name) => {
    expect(namesAfter(port, search(query, 1))).toEqual(['search_tools', name]);
  });

  test('stay offered once they were found or called, the latest as far as they fit', () => {
    expect(namesAfter(port, search('forecast'), search('ship'))).toEqual([
      'search_tools',
      'weatherForecast',
      'ship_track',
    ]);
    const direct: Message = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c2', type: 'function', function: { name: 'ledger_3', arguments: '{}' } }],
    };
    expect(namesAfter(port, direct)).toEqual(['search_tools', 'ledger_3']);
    const searches = Array.from({ length: 40 }, (_, n) => search(`year ${n}`, 20));
    const offered = port.offered?.([...searches, search('forecast')]) ?? [];
    const tokens = offered.slice(1).reduce((sum, each) => sum + estimateTokens(each), 0);
    expect(tokens).toBeLessThanOrEqual(bounds.tokens);
    expect(offered.at(-1)?.function.name).toBe('weatherForecast');
  });

  test.each([undefined, 7, '', '!?', 'nothing-of-it', { a: 1 }])('a question of %j finds none', async (query) => {
    expect(namesAfter(port, search(query))).toEqual(['search_tools']);
    const call = { id: 'c', type: 'function' as const, function: { name: 'search_tools', arguments: '' } };
    const given = query === undefined ? {} : { query };
    expect((await port.call(call, given, new AbortController().signal)).content).toMatch(/^No tool has these words/);
  });

  test('a tool of the same name keeps it', () => {
    const own = searchable(portOf([...many, tool('search_tools', 'Of a server.')]), bounds);
    expect(namesAfter(own)).toEqual(['search_tools_2']);
  });

  test('long descriptions cost no more than their beginning', () => {
    const long = Array.from({ length: 500 }, (_, n) => tool(`long_${n}`, 'aA'.repeat(100_000)));
    const slow = searchable(portOf(long), { ...bounds, tokensOf: () => 100 });
    const begun = performance.now();
    for (let n = 0; n < 20; n += 1) namesAfter(slow, search(`${'word '.repeat(10_000)}${n}`));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe.each(['native', 'tool_action'] as const)('a run with %s calls', (protocol) => {
  test('searches, is offered what it found, and calls it', async () => {
    const called: string[] = [];
    const names = { name: 'Scripted', model: 'scripted-1', protocol: 'openai' as const };
    const model: Model = { ...names, baseUrl: provider.url, apiKey: null, allowPrivate: true };
    const input: LoopInput = {
      messages: [{ role: 'user', content: 'Is it warm?' }],
      takeTurn: (messages, tools, signal) => providers.runTurn(model, messages, tools, signal),
      tools: searchable(portOf(many, called), bounds),
      signal: new AbortController().signal,
      protocol,
    };
    provider.script(
      asks(protocol, 'search_tools', { query: 'forecast' }),
      asks(protocol, 'weatherForecast', { city: 'Oslo' }),
      { text: 'It is.' },
    );
    const run = runLoop(input);
    let step = await run.next();
    while (step.done !== true) step = await run.next();
    expect(step.value).toMatchObject({ reason: 'stop', turns: 3 });
    expect(called).toEqual(['weatherForecast']);
    const sent = provider.requests.map(({ body }) => JSON.stringify(body));
    expect(sent.map((text) => text.includes('Tells how warm it will be'))).toEqual([false, true, true]);
    expect(sent.every((text) => !text.includes('Keeps the books'))).toBe(true);
  });
});

function asks(protocol: 'native' | 'tool_action', name: string, args: Record<string, string>): Reply {
  if (protocol === 'native') return { calls: [{ name, arguments: args }] };
  const fields = Object.entries(args).map(([key, value]) => `<${key} value="${value}" />`);
  return { text: `<tool_action name="${name}">\n${fields.join('\n')}\n</tool_action>` };
}
