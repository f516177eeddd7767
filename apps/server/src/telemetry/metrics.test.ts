import { expect, it } from 'vitest';
import { createEventBus } from '@switchboard/core';
import { createFakeRuntime, makeRecord, makeStatus, silentLog } from '@switchboard/core/testing';
import { createMetrics } from './metrics.ts';

function make(known: (id: string) => boolean = () => true) {
  const runtime = { ...createFakeRuntime(), status: (id: string) => (known(id) ? makeStatus(id) : null) };
  const events = createEventBus(silentLog);
  const metrics = createMetrics({
    runtime,
    events,
    database: { isUp: () => true, lost: () => 0 },
    jobs: { trouble: () => null, tries: () => [] },
    version: '1.2.3',
  });
  function call(more: Parameters<typeof makeRecord>[0]) {
    runtime.tell({ type: 'call', record: makeRecord(more) });
  }
  return { metrics, events, call };
}

it('names known methods, and takes all others for one', async () => {
  const { metrics, call } = make();
  call({ method: 'tools/call' });
  for (let n = 0; n < 500; n += 1) call({ method: `vendor/${n}` });
  call({ method: 'x'.repeat(4_000_000) });
  const text = await metrics.render();
  expect(text).toContain('method="tools/call",outcome="ok",via="mcp"} 1');
  expect(text).toContain('method="other",outcome="ok",via="mcp"} 501');
  expect(text).not.toContain('vendor/');
  expect(text.length).toBeLessThan(60_000);
});

it('forgets a removed server, also where a call of it ends later', async () => {
  const gone = new Set<string>();
  const { metrics, events, call } = make((id) => !gone.has(id));
  call({ serverId: 'files' });
  call({ serverId: 'kept' });
  expect(await metrics.render()).toContain('server="files"');
  gone.add('files');
  events.emit({ type: 'server.removed', id: 'files' });
  call({ serverId: 'files' });
  const text = await metrics.render();
  expect(text).not.toContain('server="files"');
  expect(text).toContain('server="kept"');
});

it('bounds the number of servers with series of their own', async () => {
  const { metrics, call } = make();
  for (let n = 0; n < 700; n += 1) call({ serverId: `server-${n}` });
  const text = await metrics.render();
  expect(text.match(/^switchboard_calls_total\{/gm)?.length).toBeLessThanOrEqual(501);
  expect(text).toMatch(/^switchboard_calls_total\{server="other",.*\} 200$/m);
});

it('says which version runs', async () => {
  expect(await make().metrics.render()).toMatch(/^switchboard_build_info\{version="1\.2\.3"\} 1$/m);
});
