import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RuntimeEvent } from '@switchboard/mcp-runtime/types';
import { openStartRecord } from './start-record.ts';

let folder: string;
let file: string;
let clock = 0;
const warnings: string[] = [];
const log = {
  debug: () => {},
  info: () => {},
  warn: (_: object, text: string) => void warnings.push(text),
  error: () => {},
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'starts-'));
  file = path.join(folder, 'starts.json');
  clock = 1_000_000;
  warnings.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** One run of a hub: what is not closed has died. */
function run(suspectMs?: number) {
  const record = openStartRecord({ file, log, now: () => clock, ...(suspectMs !== undefined && { suspectMs }) });
  const open = record.watch(() => Promise.reject(new Error('not opened in this test')));
  const context = { instance: '1', signal: new AbortController().signal, messageLimit: 1 };
  const events = { message: () => {}, malformed: () => {}, lost: () => {}, log: () => {}, closed: () => {} };
  const launch = { kind: 'stdio', command: 'x', args: [], env: {}, cwd: null } as const;
  clock += 1_000;
  return {
    ...record,
    start: (...ids: string[]) => {
      for (const serverId of ids) void open(launch, { ...context, serverId }, events).catch(() => {});
    },
    becomes: (phase: string, ...ids: string[]) => {
      for (const id of ids)
        record.heed({ type: 'status', status: { id, phase }, previous: 'starting' } as RuntimeEvent);
    },
    held: (...ids: string[]) => ids.filter((id) => record.holds.of(id) !== null),
  };
}

describe('the record of starts', () => {
  it('holds back what the hub was starting each of three times it died, and not what ran by then', () => {
    for (let death = 0; death < 3; death += 1) {
      const hub = run();
      expect(hub.held('good', 'bad')).toEqual([]);
      hub.start('good', 'bad');
      hub.becomes('running', 'good');
    }
    expect(run().held('good', 'bad')).toEqual(['bad']);
    expect(warnings.filter((text) => text.includes('three times'))).toHaveLength(1);
    // It stays so over further deaths and clean ends, without being told again.
    run();
    run().close();
    const later = run();
    expect(later.held('good', 'bad')).toEqual(['bad']);
    expect(later.holds.of('bad')).toBe(3);
    later.holds.release('bad');
    expect(run().held('good', 'bad')).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('holds back what had just started where nothing was starting any more', () => {
    for (let death = 0; death < 3; death += 1) {
      const hub = run();
      hub.start('one', `other-${death}`);
      hub.becomes('running', 'one', `other-${death}`);
    }
    expect(run().held('one', 'other-0', 'other-2')).toEqual(['one']);
  });

  it.each([
    ['the hub stopped as it should', (hub: ReturnType<typeof run>) => hub.close()],
    ['the server failed before', (hub: ReturnType<typeof run>) => hub.becomes('error', 's')],
    ['the deaths are far apart', () => (clock += 3_600_000)],
  ])('blames nobody where %s', (_, then) => {
    for (let death = 0; death < 5; death += 1) {
      const hub = run();
      hub.start('s');
      then(hub);
    }
    expect(run().held('s')).toEqual([]);
  });

  it('takes another instance of a server that runs for started, not for one that is starting for ever', async () => {
    const hub = run(20);
    hub.start('s');
    hub.becomes('running', 's');
    await expect.poll(() => readFile(file, 'utf8')).toContain('"started":[]');
    hub.start('s');
    expect(JSON.parse(await readFile(file, 'utf8')).running).toMatchObject({ starting: [], started: ['s'] });
    await expect.poll(() => readFile(file, 'utf8')).toContain('"started":[]');
  });

  it('clears a start that nobody tells the end of, as that of a draft', async () => {
    vi.useFakeTimers();
    try {
      run().start('draft');
      expect(JSON.parse(await readFile(file, 'utf8')).running.starting).toEqual(['draft']);
      vi.advanceTimersByTime(600_000);
      expect(JSON.parse(await readFile(file, 'utf8')).running.starting).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('clears a server once its minute is over', async () => {
    for (let death = 0; death < 3; death += 1) {
      const hub = run(20);
      hub.start('s');
      hub.becomes('running', 's');
      await expect.poll(() => readFile(file, 'utf8')).toContain('"started":[]');
    }
    expect(run().held('s')).toEqual([]);
  });

  it.each(['', '{', 'null', '{"held":5}', '\u0000', `{"held":[],"deaths":[],"running":{"at":"x"}}`])(
    'is made anew where the file holds %j',
    async (text) => {
      await writeFile(file, text);
      expect(run().held('s')).toEqual([]);
      expect(warnings).toEqual(['The record of starts cannot be read; a new one is made']);
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ held: [], deaths: [] });
    },
  );

  it('does without a file where none can be written', () => {
    file = '/proc/starts.json';
    const hub = run();
    hub.start('s');
    hub.close();
    expect(warnings.every((text) => text.includes('cannot be written'))).toBe(true);
  });
});
