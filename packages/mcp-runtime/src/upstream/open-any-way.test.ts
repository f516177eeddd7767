import { expect, test } from 'vitest';
import { createTestRuntime, http, specOf } from '../testing.ts';
import { LinkError } from './link.ts';

/** A runtime whose server speaks HTTP+SSE alone, and the kinds that it was asked as. */
function sseAlone() {
  const asked: string[] = [];
  const it = createTestRuntime({
    open(_context, launch) {
      asked.push(launch.kind);
      if (launch.kind !== 'sse') throw new LinkError('http', 'HTTP 405', { status: 405 });
    },
  });
  return { it, asked };
}

const remote = specOf('s', { launch: http() });

test('what answered once is asked first from then on', async () => {
  const { it, asked } = sseAlone();
  await using runtime = it;
  runtime.apply(remote);
  await runtime.running('s');
  await runtime.runtime.restart('s', AbortSignal.timeout(15_000));
  await runtime.running('s');
  expect(asked).toEqual(['streamable-http', 'sse', 'sse']);
});

test('what answered in an earlier run is asked first', async () => {
  const before = sseAlone();
  await using first = before.it;
  first.apply(remote);
  await first.running('s');
  const catalog = first.runtime.catalog('s');
  if (catalog === null) throw new Error('no catalog');
  expect(catalog.notes).toMatchObject([{ reason: 'other-transport', detail: 'sse' }]);

  const after = sseAlone();
  await using second = after.it;
  second.runtime.seedCatalog('s', catalog);
  second.apply(specOf('s', { launch: http() }));
  await second.running('s');
  expect(after.asked).toEqual(['sse']);
});

test('a refusal of something else is no reason to ask otherwise', async () => {
  const asked: string[] = [];
  await using it = createTestRuntime({
    open(_context, launch) {
      asked.push(launch.kind);
      throw new LinkError('http', 'HTTP 403', { status: 403 });
    },
  });
  const spec = specOf('s', { launch: http() });
  expect(await it.runtime.probe(spec, { adopt: false, signal: AbortSignal.timeout(15_000) })).toMatchObject({
    ok: false,
    error: 'HTTP 403',
  });
  expect(asked).toEqual(['streamable-http']);
});
