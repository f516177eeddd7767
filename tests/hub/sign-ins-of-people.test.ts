import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { addPerson } from '../support/people.ts';
import { startAuthorization } from '../support/upstream/authorization.ts';
import { startHosted } from '../support/upstream/hosted.ts';
import { browserAt, patience, registerHosted, signedIn, stateOf, whoami } from '../support/upstream/signed-in.ts';

const env = { ALLOW_PRIVATE_URLS: 'true' };

describe('a server that each person signs in to', () => {
  it('is called by each in the own name, and sends whoever has not signed in to the page', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await signedIn(app, hosted.url, { visibility: 'everyone' });
    expect(await whoami(app)).toBe('ada read');
    const bob = await addPerson(app, 'bob');
    const page = '/ui/servers/hosted';
    expect(await whoami(app, bob.token)).toContain(page);
    // A client that opens addresses is sent there in mid-call.
    const { reply } = await modernExchange(
      `${app.url}/mcp`,
      'tools/call',
      { name: 'hosted__whoami', arguments: {} },
      { headers: { authorization: `Bearer ${bob.token}` }, capabilities: { elicitation: { form: {}, url: {} } } },
    );
    expect(reply['result']).toMatchObject({ resultType: 'input_required' });
    expect(JSON.stringify(reply)).toContain(page);
    // Ada's sign-in is nothing to Bob.
    const before = await bob.client().signIns.get.query({ id: 'hosted' });
    expect(before).toMatchObject({ who: 'person', wanted: true, held: false, can: true, attempt: null });
    at.person = 'bob';
    const { url } = await bob.client().signIns.begin.mutate({ id: 'hosted' });
    await browserAt(app, bob.token).go(url ?? '');
    await expect.poll(() => whoami(app, bob.token), patience).toBe('bob read');
    expect(await whoami(app)).toBe('ada read');
    // Whose sign-in ends is who is asked again.
    await bob.client().signIns.end.mutate({ id: 'hosted' });
    await expect.poll(() => whoami(app, bob.token), patience).toContain(page);
    expect(await whoami(app)).toBe('ada read');
    expect(new Set(hosted.tokens.filter((token) => token !== null)).size).toBe(2);
  });

  it('lets nobody finish what somebody else began', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await registerHosted(app, hosted.url, { visibility: 'everyone' });
    const eve = await addPerson(app, 'eve');
    at.person = 'eve';
    const { url } = await eve.client().signIns.begin.mutate({ id: 'hosted' });
    // Ada is lured to the page that Eve's sign-in begins at: what comes back is not hers.
    const { status } = await browserAt(app).go(url ?? '');
    expect(status).toBe(400);
    expect(await app.client().signIns.get.query({ id: 'hosted' })).toMatchObject({ held: false });
    expect(at.forms).toEqual([]);
  });
});

describe('a server that one signs in to for everybody', () => {
  it('is called by all with that sign-in, which only who configures the server makes or sees', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await registerHosted(app, hosted.url, { visibility: 'everyone', signIn: { who: 'shared' } });
    const bob = await addPerson(app, 'bob');
    await expect(bob.client().signIns.begin.mutate({ id: 'hosted' })).rejects.toThrow();
    const { url } = await app.client().signIns.begin.mutate({ id: 'hosted' });
    await browserAt(app).go(url ?? '');
    await expect.poll(() => stateOf(app), patience).toBe('running');
    expect(await whoami(app, bob.token)).toBe('ada read');
    expect(await bob.client().signIns.get.query({ id: 'hosted' })).toMatchObject({
      held: true,
      can: false,
      attempt: null,
    });
    await expect(bob.client().signIns.end.mutate({ id: 'hosted' })).rejects.toThrow();
  });
});

it('the hub signs in by itself with a client of its own', async () => {
  await using app = await createTestApp(env);
  const client = { client_id: 'robot', client_secret: 'robot-secret-0123456789' };
  await using at = await startAuthorization({
    tokenSeconds: 3600,
    clients: [{ ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
  });
  await using hosted = await startHosted({ at: () => at });
  await app.client().servers.create.mutate({
    id: 'hosted',
    kind: 'streamable-http',
    url: hosted.url,
    signIn: { who: 'hub', clientId: 'robot' },
    secrets: { client_secret: client.client_secret },
  });
  await expect.poll(() => whoami(app), patience).toBe('robot read');
  await expect(app.client().signIns.begin.mutate({ id: 'hosted' })).rejects.toThrow(/by itself/);
});
