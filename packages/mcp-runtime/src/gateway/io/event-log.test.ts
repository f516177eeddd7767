import { describe, expect, test } from 'vitest';
import { createEventLog } from './event-log.ts';

function data(found: ReturnType<ReturnType<typeof createEventLog>['after']>): string[] {
  return (found?.events ?? []).map((event) => event.data);
}

describe('the log of a session', () => {
  test('gives what came on a stream after an id, and nothing of other streams', () => {
    const log = createEventLog(() => 0);
    const first = log.add('a', '1');
    log.add('b', 'other');
    log.add('a', '2');
    expect(log.after(first)).toMatchObject({ stream: 'a', events: [{ data: '2' }] });
    expect(data(log.after(log.start('a')))).toEqual([]);
  });

  test('gives everything after the id a stream began with', () => {
    const log = createEventLog(() => 0);
    log.add('b', 'other');
    const start = log.start('a');
    log.add('a', '1');
    log.add('a', '2');
    expect(data(log.after(start))).toEqual(['1', '2']);
  });

  test.each(['', 'a', 'a_', '_1', 'a_x', 'a_-1', 'a_99', 'a_1e3', `a_${'9'.repeat(30)}`, 'A_1', 'a_1_1'])(
    'knows no id %j',
    (id) => {
      const log = createEventLog(() => 0);
      log.add('a', '1');
      expect(log.after(id)).toBeNull();
    },
  );

  test('keeps the last 1,000 messages', () => {
    const log = createEventLog(() => 0);
    const start = log.start('a');
    for (let n = 0; n < 1200; n++) log.add('a', `${n}`);
    expect(data(log.after(start))).toHaveLength(1000);
    expect(data(log.after(start)).at(-1)).toBe('1199');
  });

  test('keeps about a million characters, and one larger message alone', () => {
    const log = createEventLog(() => 0);
    const start = log.start('a');
    for (let n = 0; n < 5; n++) log.add('a', 'x'.repeat(400_000));
    expect(data(log.after(start))).toHaveLength(2);
    log.add('a', 'y'.repeat(5_000_000));
    expect(data(log.after(start))).toHaveLength(1);
  });

  test('forgets what is older when told to', () => {
    let now = 0;
    const log = createEventLog(() => now);
    const start = log.start('a');
    log.add('a', 'old');
    now = 10;
    log.add('a', 'new');
    log.prune(5);
    expect(data(log.after(start))).toEqual(['new']);
  });
});
