import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServer } from '../servers/index.ts';
import { makeDraft, makeTestCore, type TestCore } from '../testing.ts';
import { followCall, startCall } from './index.ts';

let hub: TestCore;
let settles: PromiseWithResolvers<never>;
beforeEach(async () => {
  hub = await makeTestCore();
  await createServer(hub.ctx(), makeDraft({ id: 'files' }));
  hub.runtime.setCatalog('files', ['read']);
});
afterEach(async () => {
  settles.reject(new Error('too late'));
  await hub.close();
});

test('whoever follows a call is told no more when it signs out, though the call does not end', async () => {
  settles = Promise.withResolvers<never>();
  hub.runtime.answer = () => settles.promise;
  const ctx = hub.ctx();
  const begun = await startCall(ctx, { serverId: 'files', method: 'tools/call', name: 'read', arguments: {} });
  const { value } = await begun.next();
  const runId = value?.type === 'started' ? value.runId : '';
  const followed = await followCall(ctx, { runId, after: 0 });
  await followed.next();
  const both = Promise.all([begun.next(), followed.next()]);
  ctx.events.emit({ type: 'session.ended', sid: hub.admin.sessionId, userId: hub.admin.id });
  expect(await both).toEqual([
    { value: undefined, done: true },
    { value: undefined, done: true },
  ]);
});
