import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { serveV1Http } from '../support/mcp/scripted-v1.ts';
import { serveSeenHttp } from '../support/mcp/seen-server.ts';
import { createHandClient, createPerson, type Person } from '../support/oauth.ts';
import { until } from '../support/until.ts';

/** What hangs on the grant of a client and not on the bytes of its token, and what becomes of the token. */

let app: TestApp;
let admin: Person;
let asking: Awaited<ReturnType<typeof serveV1Http>>;
let seeing: Awaited<ReturnType<typeof serveSeenHttp>>;

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  asking = await serveV1Http('asking');
  seeing = await serveSeenHttp();
  for (const [id, { url }] of Object.entries({ asking, seeing }))
    await app.client().servers.create.mutate({ id, kind: 'streamable-http', url });
  await until(() => ['asking', 'seeing'].every((id) => app.runtime.status(id)?.phase === 'running'), 'servers run');
  admin = await createPerson(app.url);
});
afterAll(async () => {
  await app.stop();
  await asking[Symbol.asyncDispose]();
  await seeing[Symbol.asyncDispose]();
});

async function call(token: string, name: string, more: Json = {}): Promise<Json> {
  const { reply } = await modernExchange(
    `${app.url}/mcp`,
    'tools/call',
    { name, arguments: {}, ...more },
    { headers: { authorization: `Bearer ${token}` }, capabilities: { elicitation: { form: {} } } },
  );
  return reply;
}

it('a call that waits for an answer is answered with the next token of the same grant, and with no other', async () => {
  const client = await createHandClient(app.url);
  const tokens = await client.connect(admin);
  const first = (await call(tokens.access_token, 'asking__elicit')).result;
  expect(first).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
  const [key = ''] = Object.keys(first.inputRequests);
  const retry = {
    requestState: first.requestState,
    inputResponses: { [key]: { action: 'accept', content: { name: 'Ada' } } },
  };
  const other = await (await createHandClient(app.url)).connect(admin);
  expect((await call(other.access_token, 'asking__elicit', retry)).error).toMatchObject({ code: -32602 });
  const { body } = await client.refresh(tokens.refresh_token);
  expect(JSON.stringify((await call(body.access_token, 'asking__elicit', retry)).result)).toContain('Ada');
});

it('a token goes to no server', async () => {
  const client = await createHandClient(app.url);
  const tokens = await client.connect(admin);
  const { result } = await call(tokens.access_token, 'seeing__seen');
  const seen = JSON.parse(result.content[0].text) as { headers: Record<string, string> };
  expect(Object.keys(seen.headers)).toContain('host');
  expect(seen.headers['authorization']).toBeUndefined();
  expect(result.content[0].text).not.toContain(tokens.access_token);
});

it('a limit of calls counts for the person, whatever token its clients bring', async () => {
  const client = await createHandClient(app.url);
  const tokens = await client.connect(admin);
  const sessions = new Set<string>();
  let { refresh_token: refresh, access_token: access } = tokens;
  for (let at = 0; at < 3; at += 1) {
    expect((await call(access, 'seeing__seen')).result).toBeDefined();
    const { body } = await client.refresh(refresh);
    ({ refresh_token: refresh, access_token: access } = body);
    const { actor } = await app.core.authenticate({ bearer: access, isMcp: true });
    sessions.add(actor.type === 'grant' ? actor.id : actor.type);
  }
  expect(sessions.size).toBe(1);
});
