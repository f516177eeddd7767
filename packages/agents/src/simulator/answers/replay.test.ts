import { expect, test } from 'vitest';
import { action, benchOf, parameter, textOf, virusTotal } from '../testing.ts';
import type { ReplayPair } from '../types.ts';

const query = action('query', {
  parameters: [parameter('ip'), parameter('depth', { type: 'Int', default: 1 })],
  answers: [{ mode: 'replay' }, { mode: 'static', value: 'nothing recorded' }],
});

function pair(args: Record<string, unknown>, text: string, more: Record<string, unknown> = {}): ReplayPair {
  return { action: 'query', arguments: args, result: { content: [{ type: 'text', text }], ...more } };
}

const pairs = [
  pair({ ip: '10.0.0.1', depth: 1 }, 'one', { zeta: 1, structuredContent: { b: 1, a: 2 } }),
  pair({ ip: '10.0.0.2', depth: 2 }, 'old'),
  pair({ depth: 2, ip: '10.0.0.2' }, 'two', { isError: true }),
];
const bench = benchOf(virusTotal([query, { ...query, name: 'other' }]), { pairs });

async function resultOf(args: Record<string, unknown>): Promise<unknown> {
  const { reply } = await bench.call('query', args);
  return reply !== null && 'result' in reply ? reply.result : reply;
}

test('the same arguments give what was recorded, byte for byte', async () => {
  const recorded = JSON.stringify(pairs[0]?.result);
  expect(JSON.stringify(await resultOf({ ip: '10.0.0.1', depth: 1 }))).toBe(recorded);
  // A default that is left out, and a null, are the same.
  expect(JSON.stringify(await resultOf({ ip: '10.0.0.1' }))).toBe(recorded);
  expect(JSON.stringify(await resultOf({ depth: null, ip: '10.0.0.1' }))).toBe(recorded);
});

test('of several the latest counts, errors included', async () => {
  expect(await bench.call('query', { ip: '10.0.0.2', depth: 2 })).toMatchObject({
    reply: { result: { isError: true, content: [{ text: 'two' }] } },
    call: { mode: 'replay', outcome: 'tool-error' },
  });
});

test('others give the nearest, and say what differs', async () => {
  expect(await resultOf({ ip: '10.0.0.1', depth: 3 })).toMatchObject({
    content: [{ text: 'one' }],
    _meta: { 'switchboard/replay': { match: 'nearest', differs: [{ argument: 'depth', recorded: 1, given: 3 }] } },
  });
  expect(await resultOf({ ip: '10.0.0.27', depth: 2 })).toMatchObject({
    content: [{ text: 'two' }],
    _meta: { 'switchboard/replay': { differs: [{ argument: 'ip', recorded: '10.0.0.2', given: '10.0.0.27' }] } },
  });
  expect(pairs[0]?.result).not.toHaveProperty('_meta');
});

test('where nothing was recorded the next mode answers', async () => {
  expect(textOf(await bench.call('other'))).toBe('"nothing recorded"');
});
