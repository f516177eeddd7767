import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../types.ts';
import { randomOf } from '../chance.ts';
import type { Outcome } from '../ports.ts';
import { replyWithoutWire } from '../seen-by-hub.ts';
import { action, benchOf, instantClock, parameter, textOf, valueOf, virusTotal } from '../testing.ts';
import type { Fault, FaultProfile } from '../types.ts';
import { latencyOf } from './latency.ts';

const echo = action('echo', {
  parameters: [parameter('ip')],
  answers: [{ mode: 'template', body: '{"ip": {{ arguments.ip | json }}, "number": {{ call.number }}}' }],
});

function withFaults(faults: Fault[], more = {}) {
  return benchOf(virusTotal([echo, action('other')], { faults, ...more }), { ports: { clock: instantClock } });
}

async function failuresIn(faults: Fault[], calls: number): Promise<number[]> {
  const bench = withFaults(faults);
  const failed: number[] = [];
  for (let number = 1; number <= calls; number += 1) {
    const { call } = await bench.call('echo', { ip: String(number) });
    if (call?.outcome !== 'success') failed.push(number);
  }
  return failed;
}

const toolError = { kind: 'tool-error', message: 'no' } as const;

describe('which calls a fault meets', () => {
  test.each([0, 0.1, 0.5, 0.9, 1])('a rate of %f is that of a thousand calls', async (rate) => {
    const failed = await failuresIn([{ ...toolError, rate }], 1000);
    // Five deviations to each side.
    const around = 5 * Math.sqrt(1000 * rate * (1 - rate));
    expect(Math.abs(failed.length - 1000 * rate)).toBeLessThanOrEqual(around);
  });

  test('the first ones, every so-manieth one, all that is given', async () => {
    expect(await failuresIn([{ ...toolError, first: 3 }], 10)).toEqual([1, 2, 3]);
    expect(await failuresIn([{ ...toolError, every: 4 }], 10)).toEqual([4, 8]);
    expect(await failuresIn([{ ...toolError, every: 2, first: 5 }], 10)).toEqual([2, 4]);
    expect(await failuresIn([{ ...toolError, action: 'other' }], 3)).toEqual([]);
    expect(await failuresIn([{ ...toolError, every: 0 }], 3)).toEqual([]);
  });

  test('by a value of the arguments', async () => {
    expect(await failuresIn([{ ...toolError, argument: { pointer: '/ip', equals: '3' } }], 5)).toEqual([3]);
    expect(await failuresIn([{ ...toolError, argument: { pointer: '/ip', contains: '1' } }], 11)).toEqual([1, 10, 11]);
    expect(await failuresIn([{ ...toolError, argument: { pointer: '/no/where', contains: '' } }], 3)).toEqual([]);
    expect(await failuresIn([{ ...toolError, argument: { pointer: 'nonsense~' } }], 3)).toEqual([]);
  });

  test('another fault leaves the chance of one as it is', async () => {
    const alone = await failuresIn([{ ...toolError, rate: 0.3 }], 100);
    const bench = withFaults([{ ...toolError, rate: 0.3 }], { profile: 'slow' });
    const failed: number[] = [];
    for (let number = 1; number <= 100; number += 1) {
      const { call } = await bench.call('echo', {});
      if (call?.outcome === 'tool-error') failed.push(number);
    }
    expect(failed).toEqual(alone);
  });
});

describe('what a fault does', () => {
  async function one(fault: Fault): Promise<Outcome> {
    return withFaults([fault]).call('echo', { ip: '1.1.1.1' });
  }

  test('errors and failures', async () => {
    expect(await one({ kind: 'rpc-error', code: -32050, message: 'busy' })).toMatchObject({
      reply: { id: 7, error: { code: -32050, message: 'busy' } },
      wire: null,
      call: { outcome: 'rpc-error', mode: null, faults: ['rpc-error'] },
    });
    const failed = await one(toolError);
    expect(failed).toMatchObject({ reply: { result: { isError: true } }, call: { outcome: 'tool-error' } });
    expect(textOf(failed)).toBe('no');
  });

  test('on the wire, and what those see who are elsewhere', async () => {
    const unavailable = await one({ kind: 'http-status', status: 503, message: 'away' });
    expect(unavailable).toMatchObject({
      wire: { kind: 'http-status', status: 503, message: 'away', retryAfterSeconds: null },
      call: { outcome: 'wire' },
    });
    expect(replyWithoutWire(unavailable)).toMatchObject({ id: 7, error: { code: -32000, message: 'HTTP 503: away' } });
    for (const kind of ['cut', 'malformed', 'wrong-id'] as const) {
      const lost = await one({ kind });
      expect(lost).toMatchObject({
        wire: { kind },
        reply: { result: {} },
        call: { outcome: 'wire', mode: 'template' },
      });
      expect(replyWithoutWire(lost)).toMatchObject({ id: 7, error: { code: -32000 } });
    }
    const drip = await one({ kind: 'drip', ms: 500 });
    expect(drip).toMatchObject({ wire: { kind: 'drip', ms: 500 }, call: { outcome: 'success' } });
    expect(replyWithoutWire(drip)).toBe(drip.reply);
  });

  test('a timeout waits, and then there is nothing', async () => {
    expect(await one({ kind: 'timeout', ms: 30_000 })).toMatchObject({
      delayMs: 30_000,
      wire: { kind: 'cut', sent: 'nothing' },
      call: { outcome: 'wire', mode: null },
    });
  });

  test('an answer that does not fit its schema', async () => {
    const outputSchema: JsonObject = {
      type: 'object',
      properties: { ip: { type: 'string' }, number: {} },
      required: ['ip'],
    };
    const bench = benchOf(virusTotal([{ ...echo, outputSchema }], { faults: [{ kind: 'schema-violation' }] }));
    const { ip } = valueOf(await bench.call('echo', { ip: '1.1.1.1' }));
    expect(typeof ip).not.toBe('string');
  });

  test('a limit refuses what is beyond it for the rest of the minute', async () => {
    const bench = benchOf(virusTotal([echo], { faults: [{ kind: 'rate-limit', perMinute: 2 }] }));
    const calls = await Promise.all([1, 2, 3].map(() => bench.call('echo', {})));
    expect(calls.map(({ wire }) => wire)).toEqual([
      null,
      null,
      { kind: 'http-status', status: 429, message: 'Too Many Requests', retryAfterSeconds: 60 },
    ]);
    bench.clock.advance(45_000);
    const refused = await bench.call('echo', {});
    expect(refused).toMatchObject({ wire: { retryAfterSeconds: 15 }, call: { faults: ['rate-limit'] } });
    expect(replyWithoutWire(refused)).toMatchObject({ error: { code: -32003, data: { retryAfterSeconds: 15 } } });
    bench.clock.advance(15_000);
    expect(await bench.call('echo', {})).toMatchObject({ wire: null, call: { outcome: 'success', faults: [] } });
  });

  test('a list without one of its tools says so', async () => {
    const bench = withFaults([{ kind: 'list-changes', every: 2 }]);
    const lists = [];
    for (let count = 0; count < 2; count += 1) {
      const { reply, notifications } = await bench.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
      const { tools } = (reply as unknown as { result: { tools: unknown[] } }).result;
      lists.push([tools.length, notifications.map(({ method }) => method)]);
    }
    expect(lists).toEqual([
      [2, []],
      [1, ['notifications/tools/list_changed']],
    ]);
    expect(await bench.ask('initialize', {})).toMatchObject({ capabilities: { tools: { listChanged: true } } });
    expect((await bench.call('echo', {})).call?.faults).toEqual([]);
  });
});

describe('latency', () => {
  function thousand(fault: Extract<Fault, { kind: 'latency' }>): number[] {
    const random = randomOf('latency');
    return Array.from({ length: 1000 }, () => latencyOf(fault, random)).sort((a, b) => a - b);
  }

  test('has the distribution that it says', () => {
    expect(new Set(thousand({ kind: 'latency', ms: 80, distribution: 'fixed' }))).toEqual(new Set([80]));
    const normal = thousand({ kind: 'latency', ms: 400, distribution: 'normal', spread: 50 });
    expect(normal[500]).toBeGreaterThan(390);
    expect(normal[500]).toBeLessThan(410);
    // Two thirds lie within one deviation.
    expect(normal.filter((ms) => Math.abs(ms - 400) <= 50).length).toBeGreaterThan(620);
    expect(normal.filter((ms) => Math.abs(ms - 400) <= 50).length).toBeLessThan(740);
    const tail = thousand({ kind: 'latency', ms: 400, distribution: 'long-tail' });
    expect(tail[500]).toBeGreaterThan(350);
    expect(tail[500]).toBeLessThan(450);
    expect(tail[990]).toBeGreaterThan(1500);
  });

  test('is never below nothing or above ten minutes', () => {
    const wild = thousand({ kind: 'latency', ms: 10_000, distribution: 'normal', spread: 1e9 });
    expect(wild[0]).toBe(0);
    expect(wild.at(-1)).toBe(600_000);
    expect(latencyOf({ kind: 'latency', ms: Number.NaN, distribution: 'fixed' }, randomOf('a'))).toBe(0);
  });

  test('is waited for, and ends with the caller', async () => {
    const controller = new AbortController();
    const faults: Fault[] = [{ kind: 'latency', ms: 300, distribution: 'fixed' }];
    const bench = benchOf(virusTotal([echo], { faults }), { scope: { signal: controller.signal } });
    const first = bench.call('echo', {});
    await bench.clock.waitedFor(300);
    bench.clock.advance(300);
    expect(await first).toMatchObject({ delayMs: 300, call: { outcome: 'success', faults: ['latency'] } });
    const second = bench.call('echo', {});
    await bench.clock.waitedFor(300);
    controller.abort();
    expect(await second).toMatchObject({ reply: null, call: { outcome: 'abandoned' } });
    expect(bench.clock.waits()).toEqual([]);
  });
});

describe('profiles, over a thousand seeded calls', () => {
  const calls = 1_000;
  async function play(profile: FaultProfile) {
    const bench = withFaults([], { profile, seed: 'measured' });
    const ends: Record<string, number> = {};
    const delays: number[] = [];
    for (let number = 0; number < calls; number += 1) {
      const { reply, wire, call, delayMs } = await bench.call('echo', {});
      const isError = reply !== null && 'error' in reply;
      const end = wire?.kind ?? (isError ? 'rpc-error' : (call?.outcome ?? 'none'));
      ends[end] = (ends[end] ?? 0) + 1;
      delays.push(delayMs);
    }
    return { ends, delays: delays.toSorted((a, b) => a - b) };
  }
  function expectShare(count: number | undefined, share: number): void {
    // Five deviations to each side.
    const around = 5 * Math.sqrt(calls * share * (1 - share));
    expect(Math.abs((count ?? 0) - calls * share)).toBeLessThanOrEqual(around);
  }

  test('flaky: a twentieth has 503, a twentieth of the rest an error, then a tenth fails, then a fiftieth is cut', async () => {
    const { ends, delays } = await play('flaky');
    expectShare(ends['http-status'], 0.05);
    expectShare(ends['rpc-error'], 0.95 * 0.05);
    expectShare(ends['tool-error'], 0.95 * 0.95 * 0.1);
    expectShare(ends['cut'], 0.95 * 0.95 * 0.9 * 0.02);
    expectShare(ends['success'], 0.95 * 0.95 * 0.9 * 0.98);
    expectShare(delays.filter((ms) => ms < 150).length, 0.5);
    expect(delays.at(-1)).toBeGreaterThan(150 * 4);
  });
  test('slow: half take longer than two seconds, and a fifth drips', async () => {
    const { ends, delays } = await play('slow');
    expectShare(ends['drip'], 0.2);
    expectShare(ends['success'], 0.8);
    expectShare(delays.filter((ms) => ms < 2_000).length, 0.5);
  });
  test('down: all have 503', async () => {
    expect((await play('down')).ends).toEqual({ 'http-status': calls });
  });
  test('rate-limited: ten of a minute are answered', async () => {
    expect((await play('rate-limited')).ends).toEqual({ success: 10, 'http-status': calls - 10 });
  });
});

test('the same seed gives the same bytes in the same order', async () => {
  const fault = fc.oneof(
    fc.record({
      kind: fc.constant('tool-error' as const),
      message: fc.string(),
      rate: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('latency' as const),
      ms: fc.nat(5000),
      distribution: fc.constantFrom('fixed' as const, 'normal' as const, 'long-tail' as const),
    }),
    fc.record({ kind: fc.constant('cut' as const), every: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('schema-violation' as const), rate: fc.constant(0.5) }),
  );
  const made = action('made', {
    parameters: [parameter('ip')],
    answers: [
      {
        mode: 'template',
        body: "{{ 'internet.ip' | fake }} {{ 'person.fullName' | fake }} {{ call.time }} {{ arguments.ip }} {{ 'now' | date }}",
      },
    ],
  });
  const canned = action('query_ip', { parameters: [parameter('ip')] });
  const call = fc.record({ name: fc.constantFrom('made', 'query_ip', 'none'), ip: fc.string() });
  async function play(seed: string, faults: Fault[], calls: { name: string; ip: string }[]): Promise<string> {
    const bench = benchOf(virusTotal([made, canned], { seed, faults }), { ports: { clock: instantClock } });
    const outcomes = [];
    for (const { name, ip } of calls) outcomes.push(await bench.call(name, { ip }));
    return JSON.stringify(outcomes);
  }
  await fc.assert(
    fc.asyncProperty(
      fc.string(),
      fc.array(fault, { maxLength: 4 }),
      fc.array(call, { maxLength: 8 }),
      async (seed, faults, calls) => {
        expect(await play(seed, faults, calls)).toBe(await play(seed, faults, calls));
      },
    ),
    { numRuns: 50 },
  );
});

test('the seed of a call wins over the token’s, and that over the app’s', async () => {
  const made = action('query_ip', { parameters: [parameter('ip')] });
  async function answer(app: string | null, token: string | null, call: string | null): Promise<string> {
    const bench = benchOf(virusTotal([made], { seed: app }), { scope: { seed: token } });
    return textOf(await bench.call('query_ip', {}, call === null ? undefined : { 'switchboard/seed': call }));
  }
  const byApp = await answer('a', null, null);
  expect(await answer('b', 'a', null)).toBe(byApp);
  expect(await answer('b', 'c', 'a')).toBe(byApp);
  expect(await answer('b', null, null)).not.toBe(byApp);
  expect(await answer(null, null, null)).not.toBe(await answer(null, null, null));
});
