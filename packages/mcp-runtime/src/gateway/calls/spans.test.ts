import { expect, test } from 'vitest';
import { createTestRuntime, selectionOf, specOf } from '../../testing.ts';
import type { Span } from '../../types.ts';
import { LinkError } from '../../upstream/link.ts';

function spanOf(name: string, told: string[]): Span {
  return {
    isKept: true,
    traceId: '0'.repeat(32),
    carrier: { traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`, tracestate: null },
    startedAt: 0,
    begin: (start) => spanOf(start.name, told),
    say: () => undefined,
    end: (failure) => void told.push(`${name}: ${failure ?? 'ok'}`),
  };
}

test('a call that is made once more on a new session was decided once', async () => {
  let forgotten = false;
  function receive(message: object): void {
    if (forgotten || !('method' in message) || message.method !== 'tools/call') return;
    forgotten = true;
    throw new LinkError('session_lost', 'HTTP 404', { status: 404 });
  }
  await using it = createTestRuntime({ receive });
  it.apply(specOf('s', { isolation: 'shared' }));
  await it.running('s');
  const told: string[] = [];
  await it.runtime.call({
    credential: { key: 'me', person: 'me' },
    selection: selectionOf('s', ['s']),
    method: 'tools/call',
    params: { name: 'echo', arguments: {} },
    via: 'rest',
    clientName: 'test',
    signal: AbortSignal.timeout(5_000),
    trace: spanOf('request', told),
  });
  expect(told).toEqual(['decision: ok', 'tools/call echo: session_lost', 'tools/call echo: ok', 'tools/call: ok']);
});
