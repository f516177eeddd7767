import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';
import { officialServer } from './upstreams.ts';

describe.skipIf(chromium === null)('servers in the page (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    page = visitor.page;
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('says beside the field what is missing', async () => {
    await page.goto('/ui/servers/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Memory');
    await page.getByRole('button', { name: 'Add server' }).click();
    const command = page.getByRole('textbox', { name: 'Command' });
    await page
      .getByText(/is required for a stdio server/)
      .first()
      .waitFor();
    expect(await command.getAttribute('aria-invalid')).toBe('true');
  });

  it('shows why a test failed, and saves nothing', async () => {
    await page
      .getByRole('textbox', { name: 'Command' })
      .fill(`${process.execPath} -e "console.error('no luck');process.exit(3)"`);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    const outcome = page.getByRole('alert');
    await outcome.getByText(/did not start/).waitFor({ timeout: 90_000 });
    await outcome
      .getByText(/no luck/)
      .first()
      .waitFor();
    expect((await app.client().servers.list.query()).total).toBe(0);
  });

  it('shows the tools a test found, and saves the server', async () => {
    const { command, args } = officialServer('memory');
    await page.getByRole('textbox', { name: 'Command' }).fill(command);
    await page.getByRole('textbox', { name: 'Arguments' }).fill(args.join(' '));
    await page.getByRole('group', { name: 'Environment variables' }).getByRole('button', { name: 'Add' }).click();
    await page.getByRole('textbox', { name: 'Name 1' }).fill('API_TOKEN');
    await page.getByRole('textbox', { name: 'Value of API_TOKEN' }).fill('s3cret');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('alert').getByText('read_graph').waitFor({ timeout: 90_000 });
    await page.getByRole('button', { name: 'Add server' }).click();
    await page.getByRole('heading', { level: 1, name: /Memory/ }).waitFor();
  });

  it('masks a secret, reveals it on demand, and keeps it when something else changes', async () => {
    await page.getByRole('link', { name: 'Settings' }).last().click();
    const value = page.getByRole('textbox', { name: 'Value of API_TOKEN' });
    expect(await value.inputValue()).toBe('***');
    await page.getByRole('textbox', { name: 'Description' }).fill('Remembers things');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reveal' }).click();
    await page.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value === 's3cret'));
    const server = await app.client().servers.get.query({ id: 'Memory' });
    expect([server.description, server.env]).toEqual(['Remembers things', { API_TOKEN: '***' }]);
  });

  it('links to the documentation, and says what is no address of the web', async () => {
    const docs = page.getByRole('textbox', { name: 'Documentation' });
    await docs.fill('javascript:alert(1)');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page
      .getByText(/must be an absolute http/)
      .first()
      .waitFor();
    expect(await docs.getAttribute('aria-invalid')).toBe('true');
    await docs.fill('https://example.com/docs');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect
      .poll(async () => (await app.client().servers.get.query({ id: 'Memory' })).docsUrl)
      .toBe('https://example.com/docs');
    await page.goto('/ui/servers/Memory');
    const link = page.getByRole('link', { name: 'https://example.com/docs' });
    expect(await link.getAttribute('href')).toBe('https://example.com/docs');
    expect(await link.getAttribute('rel')).toContain('noreferrer');
  });

  it('switches a tool off, and describes it differently', async () => {
    await page.getByRole('link', { name: 'Tools' }).click();
    await page.getByRole('switch', { name: 'Offer read_graph to clients' }).click();
    await page.getByRole('switch', { name: 'Offer read_graph to clients', checked: false }).waitFor();
    await page.getByRole('button', { name: /^search_nodes/ }).click();
    await page.getByRole('button', { name: 'Describe differently' }).click();
    await page.getByRole('textbox', { name: 'Description that clients see' }).fill('Finds what is remembered');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Described here').waitFor();
    const { tools } = await app.client().servers.items.query({ id: 'Memory' });
    const byName = new Map(tools.map((tool) => [tool.name, tool]));
    expect(byName.get('read_graph')?.enabled).toBe(false);
    expect(byName.get('search_nodes')?.description).toBe('Finds what is remembered');
  });

  it('stops, starts and restarts', async () => {
    function state(word: string) {
      return page.getByRole('heading', { level: 1, name: new RegExp(`Memory.*${word}`) }).waitFor();
    }
    await page.getByRole('button', { name: 'Stop' }).click();
    await state('Stopped');
    await page.getByRole('button', { name: 'Start' }).click();
    await state('Running');
    await page.getByRole('button', { name: 'Restart' }).click();
    await state('Running');
  });

  it('exports the config without secrets', async () => {
    await page.goto('/ui/settings');
    await page.getByRole('button', { name: 'Show the config' }).click();
    const text = (await page.getByRole('region', { name: 'Export config' }).textContent()) ?? '';
    expect(text).toContain('${API_TOKEN}');
    expect(text).not.toContain('s3cret');
  });

  it('asks for what a config of VS Code leaves open, and runs the server with it', async () => {
    const { command, args } = officialServer('memory');
    // Ends at once where it is not given what the card asks for.
    const guarded = ['-c', 'test "$TOKEN" = from-the-card && test "$2" = eu && exec "$0" "$1"', command, ...args];
    const server = {
      command: 'sh',
      args: [...guarded, '${input:region}'],
      env: { TOKEN: '${input:api-token}' },
      envFile: '${workspaceFolder}/.env',
    };
    const inputs = [
      { id: 'api-token', type: 'promptString', description: 'From the console of the service', password: true },
      { id: 'region', type: 'pickString', options: ['us', 'eu'] },
    ];
    await page.goto('/ui/servers/new?from=config');
    await page.getByRole('textbox', { name: 'Config' }).fill(JSON.stringify({ servers: { asks: server }, inputs }));
    await page.getByText('Not given yet: api-token, region.').waitFor();
    await page.getByText('Its variables stand in ${workspaceFolder}/.env').waitFor();
    await page.getByText('From the console of the service', { exact: true }).waitFor();
    const token = page.getByLabel('api-token', { exact: true });
    expect(await token.getAttribute('type')).toBe('password');
    await token.fill('from-the-card');
    await page.getByLabel('region', { exact: true }).selectOption('eu');
    await page.getByText('Not given yet').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add 1 server' }).click();
    await page.getByRole('heading', { level: 1, name: /asks.*Running/ }).waitFor({ timeout: 90_000 });
    expect((await app.client().servers.get.query({ id: 'asks' })).missing).toEqual([]);
  });

  it('names what was not given as missing, and takes another id where one is taken', async () => {
    const asks = { url: `${app.url}/mcp/nowhere`, headers: { Authorization: 'Bearer ${input:api-token}' } };
    await page.goto('/ui/servers/new?from=config');
    await page.getByRole('textbox', { name: 'Config' }).fill(JSON.stringify({ servers: { asks } }));
    await page.getByText("'asks' exists already.").waitFor();
    await page.getByRole('textbox', { name: 'Another id for asks' }).fill('asks-again');
    await page.getByRole('button', { name: 'Add 1 server' }).click();
    await page.getByText('Values missing for API_TOKEN').waitFor();
    expect((await app.client().servers.get.query({ id: 'asks-again' })).missing).toEqual(['API_TOKEN']);
  });

  it('left nothing in the browser’s console', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
