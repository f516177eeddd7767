import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestRuntime, selectionOf, specOf } from '../../testing.ts';
import type { Launch } from '../../types.ts';
import { serve } from '../fixtures/hostile-server.mjs';
import { hostile, settledIds } from './hostile.testing.ts';
import { createLinks } from './index.ts';
import { processOptions } from './testing.ts';

/** Hostile messages over each link: the hub's process lives, the connection too, and the next good answer arrives. */

const messages = Number(process.env['SWITCHBOARD_FUZZ_MESSAGES'] ?? 8_000);
const program = path.join(import.meta.dirname, '../fixtures/hostile-server.mjs');
const ways = ['stdio', 'json', 'events', 'sse'] as const;
/** Messages between two good answers. */
const atOnce = 50;
const callMs = 60_000;

const links = createLinks({ process: processOptions });
const servers: { close: () => Promise<void> }[] = [];
afterAll(async () => {
  await links.close();
  for (const server of servers) await server.close();
});

async function launchOf(way: (typeof ways)[number]): Promise<Launch> {
  if (way === 'stdio') {
    return { kind: 'stdio', command: process.execPath, args: [program, 'stdio'], env: {}, cwd: tmpdir() };
  }
  const server = await serve(way);
  servers.push(server);
  const kind = way === 'sse' ? 'sse' : 'streamable-http';
  return { kind, url: server.url, headers: {}, allowPrivate: true };
}

describe('hostile messages', () => {
  it.each(ways)(
    'over %s end neither the hub nor their connection',
    async (way) => {
      await using it = createTestRuntime({}, { openLink: links.open });
      const limits = { startTimeoutMs: callMs, callTimeoutMs: callMs };
      it.apply(specOf('s', { launch: await launchOf(way), isolation: 'shared', limits }));
      const { startedAt } = await it.running('s');
      function say(texts: readonly string[]) {
        return it.runtime.call({
          credential: { key: 'me', person: 'me' },
          selection: selectionOf('s', ['s']),
          // No tool: by a false answer to its list the server may lose that itself.
          method: 'vendor/say',
          params: { say: texts },
          via: 'rest',
          clientName: 'test',
          signal: AbortSignal.timeout(callMs),
        });
      }
      async function round(texts: readonly string[]) {
        // A JSON answer is one text, so each goes by a call of its own.
        const parts = way === 'json' ? texts.map((text) => [text]) : [texts];
        await Promise.allSettled(parts.map(say));
        expect(await say([])).toMatchObject({ good: true });
        const errors = it.runtime.logs('s').filter(({ source, level }) => source === 'hub' && level === 'error');
        expect(errors.map(({ message }) => message)).toEqual([]);
        expect(it.runtime.status('s')).toMatchObject({ phase: 'running', startedAt });
      }
      // What a text answers is over, or the call that it comes with: the next call gets its own answer.
      for (let id = 0; id <= settledIds; id += 1) await say([]);
      const texts = fc.array(hostile, { minLength: atOnce, maxLength: atOnce });
      const numRuns = Math.ceil(messages / ways.length / atOnce);
      await fc.assert(fc.asyncProperty(texts, round), { numRuns, endOnFailure: true });
      // They did come, and the log told of some.
      expect(JSON.stringify(it.runtime.logs('s'))).toContain('A malformed message was dropped');
    },
    Math.max(600_000, messages * 20),
  );
});
