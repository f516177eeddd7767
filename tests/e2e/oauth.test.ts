import { Client } from '@modelcontextprotocol/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, createTestApp, type TestApp } from '../support/app.ts';
import { openOauthProgram, type OauthProgram } from '../support/oauth-program.ts';
import { until } from '../support/until.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, type TestBrowser, type Visitor } from './browser.ts';
import { officialServer } from './upstreams.ts';

/** A client that knows only the URL of the hub signs in through a browser, works, and is let out again. */

const name = 'Notebook';

describe.skipIf(chromium === null)('a program that signs in (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;
  const programs: OauthProgram[] = [];

  async function program(called = name): Promise<{ address: URL; made: OauthProgram }> {
    const made = await openOauthProgram(`${app.url}/mcp/memory`, called);
    programs.push(made);
    const address = await made.connect();
    if (!(address instanceof URL)) throw new Error('the program was let in without a sign-in');
    return { address, made };
  }
  async function connected(made: OauthProgram): Promise<Client> {
    const client = await made.connect();
    if (!(client instanceof Client)) throw new Error(`the program is sent to ${client}`);
    return client;
  }

  beforeAll(async () => {
    app = await createTestApp();
    const { command, args } = officialServer('memory');
    await app.client().servers.create.mutate({ name: 'memory', kind: 'stdio', command, args });
    const client = app.client();
    await until(
      async () => (await client.servers.items.query({ id: 'memory' })).tools.length > 0,
      'tools of the server',
    );
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    page = visitor.page;
  });
  afterAll(async () => {
    for (const made of programs) await made[Symbol.asyncDispose]();
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('is asked about after the sign-in, and works once it is allowed', async () => {
    const { address, made } = await program();
    await page.goto(address.href);
    await page.getByLabel('Username').fill('admin');
    await page.getByLabel('Password').fill(adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: `${name} asks for access` }).waitFor();
    await page.getByText('A program on this computer', { exact: true }).waitFor();
    await page.getByText(`${app.url}/mcp/memory`).waitFor();
    await page.getByText('The hub cannot check who this program is').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.getByText('You can go back to the program.').waitFor();
    await made.finish();
    const client = await connected(made);
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('read_graph');
    const { content } = await client.callTool({ name: 'read_graph', arguments: {} });
    expect(content).not.toEqual([]);
  });

  it('stands on the account page and is refused once its access is revoked', async () => {
    const [made] = programs;
    if (!made) throw new Error('no program has signed in');
    const client = await connected(made);
    await open(page, '/ui/account');
    const row = page.getByRole('listitem').filter({ hasText: name });
    await row.getByText('Call tools').waitFor();
    await row.getByText(`${app.url}/mcp/memory`).waitFor();
    expect(await violations(page)).toEqual([]);
    await row.getByRole('button', { name: `Revoke the access of ${name}` }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No program is connected').waitFor();
    await expect(client.callTool({ name: 'read_graph', arguments: {} })).rejects.toThrow();
  });

  it('may be allowed less than it asked for', async () => {
    const { address, made } = await program('Reader');
    await page.goto(address.href);
    await page.getByLabel('Call tools').uncheck();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.getByText('You can go back to the program.').waitFor();
    await made.finish();
    const client = await connected(made);
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    await expect(client.callTool({ name: 'read_graph', arguments: {} })).rejects.toThrow();
  });

  it('is told where it is refused, and a request is answered once', async () => {
    const { address, made } = await program('Stranger');
    await page.goto(address.href);
    await page.getByRole('heading', { name: 'Stranger asks for access' }).waitFor();
    const asked = page.url();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByText('You can go back to the program.').waitFor();
    await expect(made.finish()).rejects.toThrow(/access_denied|did not let/);
    await page.goto(asked);
    await page.getByRole('heading', { name: 'This request has ended' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('may sign in by itself with a secret that is shown once', async () => {
    await open(page, '/ui/account');
    await page.getByRole('button', { name: 'Add machine client' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('nightly');
    await dialog.getByLabel('It reaches').selectOption('memory');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByText('Copy it now').waitFor();
    const [clientId = '', clientSecret = ''] = await dialog.locator('code').allTextContents();
    await dialog.getByRole('button', { name: 'Done' }).click();
    const answer = await fetch(`${app.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${app.url}/mcp/memory` }),
    });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    function list() {
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      };
      return fetch(`${app.url}/mcp/memory`, { method: 'POST', headers, body: JSON.stringify(body) });
    }
    expect((await list()).status).not.toBe(401);
    await page.getByRole('button', { name: 'Remove nightly' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No machine clients').waitFor();
    expect((await list()).status).toBe(401);
  });

  it('leaves nothing in the browser’s console', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
