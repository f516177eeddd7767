import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestRuntime, selectionOf, specOf } from '../../testing.ts';
import type { Launch } from '../../types.ts';
import { serve } from '../fixtures/hostile-server.mjs';
import { createLinks } from './index.ts';
import { hostile, SETTLED_IDS } from './hostile.testing.ts';
import { processOptions } from './testing.ts';

/** Hostile messages over each link: the hub's process lives, the connection too, and the next good answer arrives. */

const MESSAGES = Number(process.env['SWITCHBOARD_FUZZ_MESSAGES'] ?? 20_000);
const PROGRAM = path.join(import.meta.dirname, '../fixtures/hostile-server.mjs');
const WAYS = ['stdio', 'json', 'events', 'sse'] as const;
/** Messages between two good answers. */
const AT_ONCE = 50;
const CALL_MS = 60_000;

const links = createLinks({ process: processOptions });
const servers: { close: () => Promise<void> }[] = [];
afterAll(async () => {
  await links.close();
  for (const server of servers) await server.close();
});

async function launchOf(way: (typeof WAYS)[number]): Promise<Launch> {
  if (way === 'stdio') {
    return { kind: 'stdio', command: process.execPath, args: [PROGRAM, 'stdio'], env: {}, cwd: tmpdir() };
  }
  const server = await serve(way);
  servers.push(server);
  const kind = way === 'sse' ? 'sse' : 'streamable-http';
  return { kind, url: server.url, headers: {}, allowPrivate: true };
}

describe('hostile messages', () => {
  it.each(WAYS)(
    'over %s end neither the hub nor their connection',
    async (way) => {
      await using it = createTestRuntime({}, { openLink: links.open });
      const limits = { startTimeoutMs: CALL_MS, callTimeoutMs: CALL_MS };
      it.apply(specOf('s', { launch: await launchOf(way), isolation: 'shared', limits }));
      const { startedAt } = await it.running('s');
      const say = (texts: readonly string[]) =>
        it.runtime.call({
          credential: { key: 'me', person: 'me' },
          selection: selectionOf('s', ['s']),
          // No tool: by a false answer to its list the server may lose that itself.
          method: 'vendor/say',
          params: { say: texts },
          via: 'rest',
          clientName: 'test',
          signal: AbortSignal.timeout(CALL_MS),
        });
      const round = async (texts: readonly string[]) => {
        // A JSON answer is one text, so each goes by a call of its own.
        const parts = way === 'json' ? texts.map((text) => [text]) : [texts];
        await Promise.allSettled(parts.map(say));
        expect(await say([])).toMatchObject({ good: true });
        const errors = it.runtime.logs('s').filter(({ source, level }) => source === 'hub' && level === 'error');
        expect(errors.map(({ message }) => message)).toEqual([]);
        expect(it.runtime.status('s')).toMatchObject({ phase: 'running', startedAt });
      };
      // What a text answers is over, or the call that it comes with: the next call gets its own answer.
      for (let id = 0; id <= SETTLED_IDS; id += 1) await say([]);
      const texts = fc.array(hostile, { minLength: AT_ONCE, maxLength: AT_ONCE });
      const numRuns = Math.ceil(MESSAGES / WAYS.length / AT_ONCE);
      await fc.assert(fc.asyncProperty(texts, round), { numRuns, endOnFailure: true });
      // They did come, and the log told of some.
      expect(JSON.stringify(it.runtime.logs('s'))).toContain('A malformed message was dropped');
    },
    Math.max(240_000, MESSAGES * 20),
  );
});
