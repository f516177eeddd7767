import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../types.ts';
import { createLogBuffer } from './logs.ts';

describe('a log buffer', () => {
  it('numbers and dates its lines and tells each one', () => {
    const told: LogLine[] = [];
    let time = 100;
    const buffer = createLogBuffer({ serverId: 's', now: () => time++, onLine: (line) => told.push(line) });
    buffer.append('info', 'hub', 'one');
    buffer.append('error', 'stderr', 'two', 'i1');
    expect(buffer.list()).toEqual([
      { seq: 1, serverId: 's', time: 100, level: 'info', source: 'hub', message: 'one', instance: null },
      { seq: 2, serverId: 's', time: 101, level: 'error', source: 'stderr', message: 'two', instance: 'i1' },
    ]);
    expect(told).toEqual(buffer.list());
  });

  it('filters by level, time and cursor and gives the newest', () => {
    let time = 0;
    const buffer = createLogBuffer({ serverId: 's', now: () => time++ });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) buffer.append(level, 'stderr', level);
    function messages(filter: Parameters<typeof buffer.list>[0]) {
      return buffer.list(filter).map(({ message }) => message);
    }
    expect(messages({ level: 'warn' })).toEqual(['warn', 'error']);
    expect(messages({ since: 1, until: 2 })).toEqual(['info', 'warn']);
    expect(messages({ afterSeq: 3 })).toEqual(['error']);
    expect(messages({ limit: 2 })).toEqual(['warn', 'error']);
    expect(messages({ limit: 0 })).toEqual([]);
  });

  it('keeps the newest lines within its bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 1_500 }), (lengths) => {
        const buffer = createLogBuffer({ serverId: 's', lines: 300, bytes: 2_000, lineLength: 30 });
        for (const length of lengths) buffer.append('info', 'stderr', 'x'.repeat(length));
        const kept = buffer.list();
        expect(kept.length).toBeLessThanOrEqual(300);
        expect(kept.reduce((sum, { message }) => sum + message.length, 0)).toBeLessThanOrEqual(2_040);
        expect(kept.map(({ seq }) => seq)).toEqual(
          Array.from({ length: kept.length }, (_, index) => lengths.length - kept.length + index + 1),
        );
        expect(lengths.length === 0 || kept.length > 0).toBe(true);
      }),
    );
  });

  it('masks secrets', () => {
    const buffer = createLogBuffer({ serverId: 's' });
    buffer.redact(['sk-12345', 'short', 'sk-12345-longer', 'line one\nline two', 'a+b(c)[d]$']);
    const text = 'key sk-12345-longer and sk-12345, short, line two, a+b(c)[d]$';
    expect(buffer.append('info', 'stderr', text).message).toBe('key *** and ***, short, ***, ***');
    buffer.clear();
    expect(buffer.list()).toEqual([]);
  });

  it('leaves no secret in part where it cuts a line, and looks no further than it must', () => {
    const buffer = createLogBuffer({ serverId: 's', lineLength: 100 });
    buffer.redact(['sk-12345-longer', ...Array.from({ length: 2000 }, (_, index) => `${'x'.repeat(200)}${index}`)]);
    for (let before = 80; before < 110; before += 1) {
      const line = buffer.append('info', 'stderr', `${'.'.repeat(before)}sk-12345-longer${'x'.repeat(10_000_000)}`);
      expect(line.message).not.toContain('sk-1');
      expect(line.message).toMatch(/ … \(cut\)$/);
    }
  });
});
