import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRouter } from '@switchboard/api';
import { dialects, listRoutes } from '@switchboard/api/dialects';
import { createTestApp, type TestApp } from '../support/app.ts';
import { createHandClient, createPerson } from '../support/oauth.ts';

/** Everything but MCP answers a token of a grant as it answers a token that nobody has. */

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  const admin = await createPerson(app.url);
  const client = await createHandClient(app.url);
  token = (await client.connect(admin)).access_token;
});
afterAll(() => app.stop());

const nobodys = 'x'.repeat(43);

/** The same, whatever a credential of nobody in particular says. */
async function statusOf(path: string, method: string, bearer: string): Promise<number> {
  const hasBody = method !== 'GET' && method !== 'DELETE';
  const response = await fetch(app.url + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: '{}' }),
    signal: AbortSignal.timeout(20_000),
  });
  await response.body?.cancel();
  return response.status;
}

const procedures: Record<string, { _def: { type: string } }> = appRouter._def.procedures as never;
const ways = [
  ...Object.entries(procedures)
    .filter(([, { _def }]) => _def.type !== 'subscription')
    .map(([name, { _def }]) => ({ path: `/trpc/${name}`, method: _def.type === 'query' ? 'GET' : 'POST' })),
  ...listRoutes(dialects).map(({ route }) => ({
    path: route.path.replaceAll(/\{\w+\}/g, 'none'),
    method: route.method as string,
  })),
];

describe('a token of a grant', () => {
  it('opens no procedure and no route', async () => {
    const wrong: string[] = [];
    let refused = 0;
    for (const { path, method } of ways) {
      const [given, none] = [await statusOf(path, method, token), await statusOf(path, method, nobodys)];
      if (given === 401) refused += 1;
      // Counted limits apart: they see two requests.
      if (given !== none && given !== 429 && none !== 429) wrong.push(`${method} ${path}: ${given}, not ${none}`);
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(300);
  });

  it('opens the endpoint that it is for', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    });
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const response = await fetch(`${app.url}/mcp`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body,
    });
    await response.body?.cancel();
    expect(response.status).toBe(200);
  });
});
