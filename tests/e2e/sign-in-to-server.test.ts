import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { type Authorization, startAuthorization } from '../support/upstream/authorization.ts';
import { type Hosted, startHosted } from '../support/upstream/hosted.ts';
import { registerHosted, whoami } from '../support/upstream/signed-in.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('signing in to a hosted server (needs chromium)', () => {
  let app: TestApp;
  let at: Authorization;
  let hosted: Hosted;
  let browser: TestBrowser;
  let admin: Visitor;
  let isBroken = true;

  beforeAll(async () => {
    app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    at = await startAuthorization();
    hosted = await startHosted({
      at: () => at,
      metadata: (all) => (isBroken ? { ...all, resource: 'https://other.example/mcp' } : all),
    });
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await hosted?.close();
    await at?.close();
    await app?.stop();
  });

  it('says step by step why it did not work', async () => {
    await registerHosted(app, hosted.url);
    const { page } = admin;
    await page.goto('/ui/servers/hosted');
    await page.getByText('Authentication required').waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('The sign-in did not work').waitFor();
    await page.getByText('What was done, step by step').click();
    await page.getByText('What the server says of itself').first().waitFor();
  });

  it('goes from the yellow box to the other service and back, and the server runs', async () => {
    isBroken = false;
    const { page } = admin;
    await page.goto('/ui/servers/hosted');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/servers/hosted');
    await page.getByText('You use this server with this sign-in').waitFor();
    await expect.poll(() => whoami(app), { timeout: 60_000 }).toBe('ada read');
  });

  it('is asked for in the middle of a call, which goes on when the person has signed in', async () => {
    const { page } = admin;
    await app.client().signIns.end.mutate({ id: 'hosted' });
    await expect.poll(() => whoami(app), { timeout: 60_000 }).toContain('/ui/servers/hosted');
    async function call(more: Json = {}): Promise<Json> {
      const { reply } = await modernExchange(
        `${app.url}/mcp`,
        'tools/call',
        { name: 'hosted__whoami', arguments: {}, ...more },
        {
          headers: { authorization: `Bearer ${app.token}` },
          capabilities: { elicitation: { form: {}, url: {} } },
        },
      );
      return reply['result'];
    }
    const first = await call();
    expect(first).toMatchObject({ resultType: 'input_required' });
    const [[key, asked]] = Object.entries(first.inputRequests) as [[string, Json]];
    const going = call({ requestState: first.requestState, inputResponses: { [key]: { action: 'accept' } } });
    // The client shows its person the page.
    await page.goto(asked.params.url);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor();
    expect((await going).content[0].text).toBe('ada read');
  });
});
