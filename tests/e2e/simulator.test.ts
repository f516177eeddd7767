import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { connect } from '../support/mcp/clients.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

const answer = '{"id": {{ call.number }}, "title": {{ arguments.title | json }}, "open": {{ state.open }}}';
const changes = '[{"op": "replace", "path": "/open", "value": {{ state.open | plus: 1 }}}]';

interface Replied {
  result: { structuredContent: unknown };
}

describe.skipIf(chromium === null)('simulator (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  /** The page of the app that the journey makes. */
  let place = '';
  let token = '';

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('makes an app of a template, and asks before what was changed is left', async () => {
    const { page } = admin;
    await page.goto('/ui/simulator');
    await page.getByRole('button', { name: 'New app' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Category/).fill('Ticket');
    await dialog.getByLabel(/^Product/).fill('x');
    await dialog.getByRole('button', { name: 'Create it' }).click();
    await dialog
      .getByText(/must be 2 to 50/)
      .first()
      .waitFor();
    await dialog.getByLabel(/^Product/).fill('Bugs');
    await dialog.getByLabel('Display name').fill('Bug tracker');
    await dialog.getByRole('button', { name: 'Create it' }).click();
    await page.getByRole('heading', { name: 'Bug tracker', level: 1 }).waitFor();
    place = new URL(page.url()).pathname;

    await page.getByRole('button', { name: 'Add an action' }).click();
    await page.getByLabel(/^Name/).fill('create issue');
    await page.getByRole('button', { name: 'Add a parameter' }).click();
    await page.getByLabel('Key of parameter 1').fill('title');
    await page.getByLabel(/^required/).check();
    await page.getByRole('textbox', { name: 'Template', exact: true }).fill(answer);
    await page.getByRole('textbox', { name: 'What it changes in the state' }).fill(changes);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page
      .getByText(/must be 1 to 128 letters/)
      .first()
      .waitFor();
    await page.getByLabel(/^Name/).fill('create_issue');

    await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Not saved yet.', { exact: true }).waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
    await page.getByRole('textbox', { name: 'Initial state' }).fill('{"open": 4}');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Not saved yet.', { exact: true }).waitFor({ state: 'hidden' });
    const made = await app.client().apps.get.query({ id: 'Ticket/Bugs' });
    expect(made).toMatchObject({ displayName: 'Bug tracker', initialState: { open: 4 } });
    expect(made.actions).toMatchObject([
      { name: 'create_issue', answers: [{ mode: 'template', body: answer }], changes },
    ]);
  });

  it('makes one of an OpenAPI document, and takes apps from a file', async () => {
    const { page } = admin;
    await page.goto('/ui/simulator');
    await page.getByRole('button', { name: 'New app' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Category/).fill('Shop');
    await dialog.getByLabel(/^Product/).fill('Lamps');
    await dialog.getByRole('radio', { name: 'Of OpenAPI' }).click();
    const operation = { operationId: 'getLamp', responses: { '200': { description: 'A lamp' } } };
    const openapi = {
      openapi: '3.1.0',
      info: { title: 'Lamps', version: '1' },
      paths: { '/lamp': { get: operation } },
    };
    await dialog.getByLabel(/^OpenAPI document/).fill(JSON.stringify(openapi));
    await dialog.getByRole('button', { name: 'Create it' }).click();
    await page.getByRole('heading', { name: 'Lamps', level: 1 }).waitFor();
    expect((await app.client().apps.get.query({ id: 'Shop/Lamps' })).actions).toMatchObject([{ name: 'getLamp' }]);

    await page.goto('/ui/simulator');
    const apps = [{ category: 'Shop', name: 'Bulbs', displayName: 'Bulbs' }];
    const file = { name: 'apps.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ apps })) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('1 new apps, 0 changed').waitFor();
    await page.getByText('Bulbs').first().waitFor();
  });

  it('tries it, with the state after it', async () => {
    const { page } = admin;
    await walk(page, `${place}/try`);
    await page.getByLabel(/^title/).fill('Printer');
    await page.getByRole('button', { name: 'Try it', exact: true }).click();
    await page.getByRole('region', { name: 'Result' }).getByText('"open": 4').waitFor();
    await page.getByRole('region', { name: 'State after it' }).getByText('"open": 5').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('makes a token and is called at its URL', async () => {
    const { page } = admin;
    await walk(page, '/ui/simulator/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Description').fill('An agent');
    await dialog.getByLabel('Bug tracker').check();
    await dialog.getByRole('button', { name: 'Create it' }).click();
    token = await dialog.getByTestId('new-token').innerText();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: 'An agent' }).click();
    await page.getByText('Nothing has changed yet').waitFor();

    const reply = await fetch(`${app.url}/sim/Ticket/Bugs?token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'create_issue', arguments: { title: 'Screen' } },
      }),
    });
    const { result } = (await reply.json()) as Replied;
    expect(result.structuredContent).toEqual({ id: 1, title: 'Screen', open: 4 });
    // The page follows by itself.
    await page.getByText('"open": 5').waitFor();
  });

  it('shows the call in the log, and the token’s calls until they are forgotten', async () => {
    const { page } = admin;
    const calls = page.getByRole('table', { name: 'Calls' });
    await calls.getByRole('button', { name: /create_issue/ }).click();
    await page.getByRole('dialog').getByText('"title": "Screen"').first().waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Forget calls' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Forget calls' }).click();
    await page.getByText('It called nothing yet').waitFor();

    await walk(page, '/ui/simulator/log?action=tools%2Fcall');
    await page
      .getByRole('table', { name: 'Log' })
      .getByRole('button', { name: /create_issue/ })
      .waitFor();
    await page.getByLabel('What', { exact: true }).selectOption('create_token');
    await page.getByRole('button', { name: /create_token/ }).waitFor();
  });

  it('simulates a server, and answers as it did once its calls are recorded', async () => {
    const { page } = admin;
    const everything = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
    const launch = { kind: 'stdio' as const, command: process.execPath, args: [everything], recording: 'all' as const };
    await app.client().servers.create.mutate({ id: 'real', name: 'Real', ...launch });
    await using client = await connect('v2-legacy', `${app.url}/mcp/real`, {
      headers: { authorization: `Bearer ${app.token}` },
    });
    const told = await client.call('echo', { message: 'hi' });
    await walk(page, '/ui/servers/real');
    await page.getByRole('button', { name: 'Actions for Real' }).click();
    await page.getByRole('menuitem', { name: 'Simulate it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create it' }).click();
    await page.getByRole('link', { name: 'Recordings', exact: true }).click();
    await page.getByText('Nothing is recorded yet').waitFor();
    await page.getByRole('button', { name: 'Record from a server' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Server/).selectOption('real');
    await dialog.getByText('{"message":"hi"}').click();
    await dialog.getByText('Echo: hi').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save recordings' }).click();
    await page.getByRole('table', { name: 'Recorded calls' }).getByRole('button', { name: /echo/ }).first().waitFor();
    const made = { id: 'Servers/real', action: 'echo', arguments: { message: 'hi' } };
    const tried = await app.client().apps.try.mutate(made);
    expect([tried.mode, JSON.stringify(tried.result)]).toEqual(['replay', JSON.stringify(told)]);
  });

  it('breaks it with one click', async () => {
    const { page } = admin;
    await walk(page, `${place}/faults`);
    await page.getByRole('radio', { name: 'Down' }).click();
    await page.getByText('Every call gets 503').waitFor();
    await expect
      .poll(async () => (await app.client().apps.get.query({ id: 'Ticket/Bugs' })).profile, { timeout: 60_000 })
      .toBe('down');
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const)('has pages that anybody can use: $colorScheme, $width px', async ({ colorScheme, width }) => {
    const visitor = await browser.visit(app.url, { colorScheme, viewport: { width, height: 860 } });
    const { page } = visitor;
    try {
      await signIn(page);
      await page.goto('/ui/simulator');
      const [token] = await app.client().apps.tokens.list.query();
      const id = token?.id ?? '';
      const tabs = ['', '/try', '/recordings', '/faults', '/settings', '/connect'].map((tab) => place + tab);
      const others = ['', '/tokens', `/tokens/${id}`, '/templates', '/log'].map((part) => `/ui/simulator${part}`);
      for (const address of [...tabs, ...others]) {
        await walk(page, address);
        await page.locator('main section').first().waitFor();
        expect({ address, found: await violations(page) }).toEqual({ address, found: [] });
        const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
        expect({ address, fits }).toEqual({ address, fits: true });
      }
      expect(visitor.complaints).toEqual([]);
    } finally {
      await visitor[Symbol.asyncDispose]();
    }
  });
});
