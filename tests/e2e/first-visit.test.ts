import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, type TestBrowser, type Visitor } from './browser.ts';
import { officialServer } from './upstreams.ts';

const config = `{
  // as it stands in a client's file
  "mcpServers": { "Everything": ${JSON.stringify(officialServer('everything', 'stdio'))}, },
}`;

async function connect(url: string, key: string): Promise<Client> {
  const client = new Client({ name: 'first-visit', version: '1.0.0' });
  const headers = { Authorization: `Bearer ${key}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport);
  return client;
}

describe.skipIf(chromium === null)('a first visit (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    page = visitor.page;
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('says what is wrong with a password', async () => {
    await page.goto('/');
    await page.getByLabel('Username').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toMatch(/password/i);
  });

  it('offers two doors after signing in', async () => {
    await page.getByLabel('Password', { exact: true }).fill(adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: /Paste a client’s config/ }).waitFor();
    await page.getByRole('button', { name: /Start the demo server/ }).waitFor();
  });

  it('turns a pasted config into a running server', async () => {
    await page.getByRole('link', { name: /Paste a client’s config/ }).click();
    await page.getByRole('textbox', { name: 'Config' }).fill(config);
    await page.getByRole('checkbox', { name: 'Take Everything' }).waitFor();
    await page.getByRole('button', { name: 'Add 1 server' }).click();
    await page.getByRole('heading', { level: 1, name: /Everything/ }).waitFor();
    await page.getByRole('heading', { level: 1, name: /Running/ }).waitFor({ timeout: 90_000 });
  });

  it('calls a tool from its list', async () => {
    await page.getByRole('link', { name: 'Tools' }).click();
    await page.getByRole('button', { name: /^echo/ }).click();
    await page.getByRole('link', { name: 'Try echo' }).click();
    await page.getByRole('textbox', { name: /message/i }).fill('hello from the page');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Echo: hello from the page').waitFor();
  });

  it('reads what the server logged', async () => {
    await page.goto('/ui/servers/Everything/logs');
    await page.getByRole('log').getByText('Starting default (STDIO) server').first().waitFor();
  });

  it('makes a key that a real MCP client can use, and shows the call at once', async () => {
    await page.goto('/ui/keys');
    await page.getByRole('button', { name: 'Create key' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Laptop');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const key = (await page.getByTestId('new-key').textContent()) ?? '';
    expect(key).toMatch(/^sbk_/);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Calls' }).click();
    await page.getByRole('button', { name: 'echo Everything' }).waitFor();
    const client = await connect(`${app.url}/mcp`, key);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain('Everything__echo');
    await client.callTool({ name: 'Everything__get-sum', arguments: { a: 2, b: 3 } });
    await client.close();
    await page.getByRole('button', { name: 'get-sum Everything' }).waitFor();
  });

  it('left nothing in the browser’s console', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
