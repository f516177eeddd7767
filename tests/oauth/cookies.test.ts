import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { beginRequest, createHandClient, createPerson, resume } from '../support/oauth.ts';

/** Cookies behind an https address, which no other host and no program of the person's machine can plant. */

const address = 'https://hub.example';
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: address });
});
afterAll(() => app.stop());

it('have names that only https sets, and let a client in', async () => {
  const person = await createPerson(app.url);
  const client = await createHandClient(app.url);
  const asked = client.authorizationUrl({ resource: `${address}/mcp` });
  const first = await person.browser.fetch(asked.url);
  const set = first.headers.getSetCookie();
  expect(set.length).toBeGreaterThan(1);
  for (const cookie of set) {
    expect(cookie).toMatch(/^__(?:Host|Secure)-oauth_[\w.]+=/);
    expect(cookie).toMatch(/; ?secure/i);
    expect(cookie).toMatch(/; ?httponly/i);
    expect(cookie).not.toMatch(/; ?domain/i);
    if (cookie.startsWith('__Host-')) expect(cookie).toMatch(/; ?path=\/;/i);
  }
  expect(set.some((cookie) => cookie.startsWith('__Host-oauth_began_'))).toBe(true);
  const uid = await beginRequest(person, asked.url);
  const { body } = await person.mutate('oauth.decide', { uid, allow: true });
  expect(body.redirectTo.startsWith(`${address}/oauth/authorize/`)).toBe(true);
  const back = await resume(person, body.redirectTo.replace(address, app.url));
  expect(back.searchParams.get('iss')).toBe(address);
  const { status } = await client.exchange(back.searchParams.get('code') ?? '', asked.verifier);
  expect(status).toBe(200);
});

it('without the prefix count for nothing', async () => {
  const person = await createPerson(app.url);
  const client = await createHandClient(app.url);
  const uid = await beginRequest(person, client.authorizationUrl({ resource: `${address}/mcp` }).url);
  const sent = person.browser.cookies(`${app.url}/trpc`);
  const answer = await fetch(`${app.url}/trpc/oauth.decide`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: sent.replaceAll('__Host-oauth_began', 'oauth_began') },
    body: JSON.stringify({ uid, allow: true }),
  });
  expect(answer.status).toBe(412);
});
