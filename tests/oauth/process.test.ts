import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { openSession } from '../support/mcp/raw.ts';
import { createHandClient, createPerson } from '../support/oauth.ts';

/** The hub as a program: `npm test` runs the bundle, in which classes may have other names than in the sources. */

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub[Symbol.asyncDispose]());

it('lets a client in, lets it refresh what it got, and knows it after a restart', async () => {
  const person = await createPerson(hub.origin);
  const client = await createHandClient(hub.origin);
  const tokens = await client.connect(person);
  await openSession(hub.url(), { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const refreshed = await client.refresh(tokens.refresh_token);
  expect(refreshed.status).toBe(200);
  await hub.end('SIGTERM');
  await hub.restart();
  await openSession(hub.url(), { headers: { authorization: `Bearer ${refreshed.body.access_token}` } });
  const again = await client.refresh(refreshed.body.refresh_token);
  expect(again.status).toBe(200);
});
