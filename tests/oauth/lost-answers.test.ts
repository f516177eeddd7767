import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { createHandClient, createPerson, type HandClient, type Person, type Tokens } from '../support/oauth.ts';
import { until } from '../support/until.ts';

/** What a client may do whose answer of the token endpoint was lost, and what a thief of its token may not. */

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await createTestApp();
  admin = await createPerson(app.url);
});
afterAll(() => app.stop());

async function status(token: string): Promise<number> {
  const response = await fetch(`${app.url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

async function arrived(): Promise<number> {
  return (await app.connection.sql`select 1 from oauth_objects where payload ? 'arrived'`).length;
}

/** Uses a token, and waits until the hub has noted that its client has it. */
async function use(token: string): Promise<void> {
  const before = await arrived();
  expect(await status(token)).not.toBe(401);
  await until(async () => (await arrived()) > before, 'the use is noted');
}

/** Lets an hour go by for everything that was spent or given. */
async function later(): Promise<void> {
  await app.connection.run(
    `update oauth_objects set consumed_at = consumed_at - interval '1 hour', created_at = created_at - interval '1 hour'`,
    [],
  );
}

async function begin(): Promise<{ client: HandClient; tokens: Tokens }> {
  const client = await createHandClient(app.url);
  return { client, tokens: await client.connect(admin) };
}

describe('a refresh whose answer was lost', () => {
  it('is made again an hour later, by several requests at once, and goes on from there', async () => {
    const { client, tokens } = await begin();
    const lost = await client.refresh(tokens.refresh_token);
    expect(lost.status).toBe(200);
    await later();
    const again = await Promise.all([1, 2, 3].map(() => client.refresh(tokens.refresh_token)));
    expect(again.map((each) => each.status)).toEqual([200, 200, 200]);
    for (const { body } of again) expect(await status(body.access_token)).not.toBe(401);
    const next = await client.refresh(again[2]?.body.refresh_token);
    expect(next.status).toBe(200);
    expect((await client.refresh(next.body.refresh_token)).status).toBe(200);
  });

  it('leaves nothing that works to somebody who has the lost answer: its use ends the grant', async () => {
    const { client, tokens } = await begin();
    const lost = await client.refresh(tokens.refresh_token);
    await later();
    const again = await client.refresh(tokens.refresh_token);
    expect(again.status).toBe(200);
    expect(await status(lost.body.access_token)).toBe(401);
    expect((await client.refresh(lost.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await client.refresh(again.body.refresh_token)).body.error).toBe('invalid_grant');
    expect(await status(again.body.access_token)).toBe(401);
  });
});

describe('a refresh token that is used again', () => {
  it('after its successor was refreshed ends the grant', async () => {
    const { client, tokens } = await begin();
    const second = await client.refresh(tokens.refresh_token);
    const third = await client.refresh(second.body.refresh_token);
    await later();
    expect((await client.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await client.refresh(third.body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('after a token of its answer was used ends the grant', async () => {
    const { client, tokens } = await begin();
    const second = await client.refresh(tokens.refresh_token);
    await use(second.body.access_token);
    await later();
    expect((await client.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await client.refresh(second.body.refresh_token)).body.error).toBe('invalid_grant');
    expect(await status(second.body.access_token)).toBe(401);
  });

  it('is not judged by what another program of the same grant does', async () => {
    const { client, tokens } = await begin();
    const other = await client.connect(admin);
    await client.refresh(tokens.refresh_token);
    const others = await client.refresh(other.refresh_token);
    await use(others.body.access_token);
    await later();
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
    expect(await status(others.body.access_token)).not.toBe(401);
    expect((await client.refresh(others.body.refresh_token)).status).toBe(200);
  });
});
