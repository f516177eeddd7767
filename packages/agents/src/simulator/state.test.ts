import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../types.ts';
import type { StateHolder } from './ports.ts';
import { action, benchOf, parameter, valueOf, virusTotal } from './testing.ts';

const create = action('create_ticket', {
  parameters: [parameter('title', { required: true })],
  answers: [
    { mode: 'template', body: '{"id": "T-{{ state.tickets.size | plus: 1 }}", "title": {{ arguments.title | json }}}' },
  ],
  changes: '[{"op": "add", "path": "/tickets/-", "value": {{ answer | json }}}]',
});
const list = action('list_tickets', { answers: [{ mode: 'template', body: '{{ state | json }}' }] });
const app = virusTotal([create, list], { initialState: { tickets: [] } });

describe('a product that remembers', () => {
  test('shows later what was done before', async () => {
    const bench = benchOf(app);
    expect(valueOf(await bench.call('create_ticket', { title: 'a "b"' }))).toEqual({ id: 'T-1', title: 'a "b"' });
    await bench.call('create_ticket', { title: 'c' });
    expect(valueOf(await bench.call('list_tickets'))).toEqual({
      tickets: [
        { id: 'T-1', title: 'a "b"' },
        { id: 'T-2', title: 'c' },
      ],
    });
  });

  /** A state that is kept elsewhere: each change waits for the one before it. */
  function remoteState(initial: JsonObject): StateHolder {
    let state = initial;
    let last = Promise.resolve();
    return {
      read: () => Promise.resolve(state),
      change(apply) {
        const mine = last.then(async () => {
          const next = apply(state);
          await sleep(0);
          state = next;
        });
        last = mine.catch(() => undefined);
        return mine;
      },
    };
  }

  test.each(['in memory', 'elsewhere'])('200 callers at once lose nothing, with the state %s', async (where) => {
    const bench = benchOf(app, where === 'elsewhere' ? { scope: { state: remoteState({ tickets: [] }) } } : {});
    const made = await Promise.all(
      Array.from({ length: 200 }, (_each, at) => bench.call('create_ticket', { title: String(at) })),
    );
    expect(new Set(made.map((outcome) => valueOf(outcome)['id'])).size).toBe(200);
    const { tickets } = valueOf(await bench.call('list_tickets')) as { tickets: { title: string }[] };
    expect(new Set(tickets.map(({ title }) => title)).size).toBe(200);
  });

  test('changes that cannot be made are told, and nothing is changed', async () => {
    for (const changes of [
      '[{"op": "add", "path": "/tickets/-", "value": 1}, {"op": "test", "path": "/tickets/0", "value": 2}]',
      '[{"op": "add", "path": "/__proto__/x", "value": 1}]',
      'no JSON',
      '{% for',
    ]) {
      const bench = benchOf(virusTotal([{ ...create, changes }, list], { initialState: { tickets: [] } }));
      const outcome = await bench.call('create_ticket', { title: 'a' });
      expect(outcome).toMatchObject({ reply: { result: { isError: true } }, call: { outcome: 'tool-error' } });
      expect(valueOf(outcome)).toMatchObject({ success: false, error: 'The state could not be changed', code: 500 });
      expect(valueOf(await bench.call('list_tickets'))).toEqual({ tickets: [] });
    }
  });

  test('a state that grows too large stays as it was', async () => {
    const grow = action('grow', {
      answers: [{ mode: 'static', value: 1 }],
      changes: '[{"op": "copy", "from": "/a", "path": "/a/-"}]',
    });
    const bench = benchOf(virusTotal([grow], { initialState: { a: ['x'] } }));
    const outcomes = [];
    for (let count = 0; count < 40; count += 1) outcomes.push((await bench.call('grow')).call?.outcome);
    expect(outcomes[0]).toBe('success');
    expect(outcomes.at(-1)).toBe('tool-error');
  });

  test('a call that fails changes nothing', async () => {
    const bench = benchOf({
      ...app,
      faults: [{ kind: 'tool-error', message: 'no', every: 1, action: 'create_ticket' }],
    });
    await bench.call('create_ticket', { title: 'a' });
    await bench.call('create_ticket', {});
    expect(valueOf(await bench.call('list_tickets'))).toEqual({ tickets: [] });
  });
});
