import { describe, expect, it } from 'vitest';
import { createOutbox, frameHead, mostEventsASecond, type Transport } from './outbox.ts';
import { createTurns } from './turns.ts';

function transportTo(sent: Record<string, unknown>[], buffered = () => 0): Transport {
  return {
    send: (text) => void sent.push(JSON.parse(text)),
    get buffered() {
      return buffered();
    },
    close: () => undefined,
  };
}

function fail(error: unknown): never {
  throw error;
}

const head = frameHead('server-logs', {});
function event(number: number) {
  return { head, make: () => ({ data: { number }, at: 0 }) };
}

function numbersOf(sent: readonly Record<string, unknown>[]): number[] {
  return sent.map(({ data }) => (data as { number: number }).number);
}

async function settled(sent: readonly unknown[]): Promise<void> {
  for (let before = -1; before !== sent.length;) {
    before = sent.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

describe('outbox', () => {
  it('sends at most 500 events a second, the newest of a flood, and counts what it dropped', async () => {
    const sent: Record<string, unknown>[] = [];
    const outbox = createOutbox(transportTo(sent), createTurns(), fail);
    const began = performance.now();
    for (let number = 0; number < 10_000; number += 1) outbox.tell(event(number));
    await settled(sent);
    const seconds = (performance.now() - began) / 1000;
    expect(sent.length).toBeLessThanOrEqual(mostEventsASecond * (seconds + 0.2));
    const dropped = sent.reduce((sum, frame) => sum + Number(frame['dropped'] ?? 0), 0);
    expect(dropped + sent.length).toBe(10_000);
    const numbers = numbersOf(sent);
    expect(numbers.at(-1)).toBe(9_999);
    expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
  });

  it('waits while a client reads nothing, and still answers it, up to a bound', async () => {
    const sent: Record<string, unknown>[] = [];
    let buffered = 2 * 1024 * 1024;
    const outbox = createOutbox(
      transportTo(sent, () => buffered),
      createTurns(),
      fail,
    );
    for (let number = 0; number < 5; number += 1) outbox.tell(event(number));
    expect(outbox.answer({ type: 'pong' })).toBe(true);
    await settled(sent);
    expect(sent).toEqual([{ type: 'pong' }]);
    buffered = 5 * 1024 * 1024;
    expect(outbox.answer({ type: 'pong' })).toBe(false);
    buffered = 0;
    await settled(sent);
    expect(numbersOf(sent.slice(1))).toEqual([0, 1, 2, 3, 4]);
  });

  it('sends what comes at any moment after the last event', async () => {
    for (let turns = 0; turns < 30; turns += 1) {
      const sent: Record<string, unknown>[] = [];
      const outbox = createOutbox(transportTo(sent), createTurns(), fail);
      outbox.tell(event(1));
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      outbox.tell(event(2));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(numbersOf(sent), `after ${turns} turns`).toEqual([1, 2]);
    }
  });

  it('lets other work go on between the connections that send at the same time', async () => {
    const turns = createTurns();
    let looks = 0;
    function look(): void {
      looks += 1;
      if (sent.length < 20) setImmediate(look);
    }
    const sent: Record<string, unknown>[] = [];
    const seenAt: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const outbox = createOutbox(transportTo(sent), turns, fail);
      outbox.tell({ head, make: () => (seenAt.push(looks), { data: { number: n }, at: 0 }) });
    }
    setImmediate(look);
    await settled(sent);
    expect(numbersOf(sent)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(new Set(seenAt).size).toBe(20);
  });

  it('leaves out what may not be told, and counts what could not be made', async () => {
    const sent: Record<string, unknown>[] = [];
    const outbox = createOutbox(transportTo(sent), createTurns(), fail);
    const alerts = frameHead('alerts', {});
    outbox.tell({ head: alerts, make: () => null });
    outbox.tell({ head: alerts, make: () => Promise.reject(new Error('away')) });
    outbox.tell({ head: frameHead('alerts', { id: 3 }), make: () => ({ data: {}, at: 0, snapshot: true }) });
    await settled(sent);
    expect(sent).toEqual([
      {
        type: 'alerts',
        channel: 'alerts',
        id: 3,
        data: {},
        timestamp: '1970-01-01T00:00:00.000Z',
        snapshot: true,
        dropped: 1,
      },
    ]);
  });
});
