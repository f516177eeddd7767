import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

const program = path.join(import.meta.dirname, '../hub/fixtures/own-program.mjs');

describe.skipIf(chromium === null)('credentials of one’s own in the page (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let page: Page;
  let counter = 0;

  /** A call as a client of 2026-07-28 makes it that shows pages. */
  async function call(more: Json = {}): Promise<Json> {
    const response = await app.fetch('/mcp/own', {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'own',
      },
      body: {
        jsonrpc: '2.0',
        id: ++counter,
        method: 'tools/call',
        params: {
          name: 'own',
          arguments: {},
          ...more,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {}, url: {} } },
          },
        },
      },
    });
    const text = await response.text();
    const json = text.startsWith('{') ? text : (/^data: (\{.*"id".*)$/m.exec(text)?.[1] ?? '{}');
    return JSON.parse(json);
  }

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    page = admin.page;
    await signIn(page);
    await app.client().servers.create.mutate({
      id: 'own',
      kind: 'stdio',
      command: process.execPath,
      args: [program],
      env: {},
    });
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('are declared in the settings of a server', async () => {
    await open(page, '/ui/servers/own/settings');
    await page.getByRole('button', { name: 'Add one' }).click();
    await page.getByLabel('Name of credential 1').fill('TOKEN');
    await page.getByLabel('What people read of credential 1').fill('Access token');
    await page.getByLabel('Where people get credential 1').fill('From your profile');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved').first().waitFor();
    await app.client().servers.update.mutate({ id: 'own', patch: { env: { OWN: '${user:TOKEN}' } } });
    expect(await app.client().servers.get.query({ id: 'own' })).toMatchObject({
      isolation: 'user',
      slots: [{ name: 'TOKEN', label: 'Access token', secret: true }],
      missingSlots: ['TOKEN'],
    });
  });

  it('are missed in the list and on the server, and filled in on a page of their own', async () => {
    await open(page, '/ui/servers');
    await page.getByRole('link', { name: 'Needs your credentials' }).waitFor();
    await open(page, '/ui/servers/own');
    await page.getByText('It waits for credentials of your own: TOKEN').waitFor();
    await page.getByText('Nobody has signed in to it or filled in credentials for it yet').waitFor();
    await page.getByRole('link', { name: 'Your credentials' }).click();
    await page.getByText('Still missing: Access token').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Access token').fill('typed-in-the-page');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('All is filled in').waitFor();
    expect(await page.getByRole('textbox', { name: 'Access token' }).inputValue()).toBe('');
    expect(await page.content()).not.toContain('typed-in-the-page');
    const { result } = await call();
    expect(result.content[0].text).toContain('"own":"typed-in-the-page"');
    await open(page, '/ui/credentials');
    await page.getByText('Filled in', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('are taken away, and a client in the middle of a call is sent to the page and goes on', async () => {
    await open(page, '/ui/servers/own/credentials');
    await page.getByRole('button', { name: 'Take away Access token' }).click();
    await page.getByText('Still missing: Access token').waitFor();
    const { result } = await call();
    const [[key, asked]] = Object.entries(result.inputRequests) as [[string, Json]];
    const going = call({ requestState: result.requestState, inputResponses: { [key]: { action: 'accept' } } });
    // The client shows its person the page.
    await page.goto(asked.params.url);
    await page.getByLabel('Access token').fill('given-in-mid-call');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('All is filled in').waitFor();
    expect((await going).result.content[0].text).toContain('"own":"given-in-mid-call"');
    expect(admin.complaints).toEqual([]);
  });
});
