import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, walk, type TestBrowser } from './browser.ts';

const pages = [
  '/ui/',
  '/ui/access',
  '/ui/servers',
  '/ui/servers?q=nothing-fits-this',
  '/ui/servers/new',
  '/ui/servers/new?from=config',
  '/ui/servers/new?image=node%3A24',
  '/ui/servers/demo',
  '/ui/servers/demo/tools?item=weather_report',
  '/ui/servers/demo/resources',
  '/ui/servers/demo/prompts',
  '/ui/servers/demo/logs',
  '/ui/servers/demo/calls',
  '/ui/servers/demo/connect',
  '/ui/servers/demo/settings',
  '/ui/servers/broken',
  '/ui/servers/none-of-this-name',
  '/ui/chat',
  '/ui/chat/none-of-this-name',
  '/ui/graphs',
  '/ui/graphs/none-of-this-name',
  '/ui/playground',
  '/ui/playground?server=demo&name=weather_report',
  '/ui/connect?client=cursor',
  '/ui/calls',
  '/ui/keys',
  '/ui/models',
  '/ui/models/budgets',
  '/ui/models/budgets?month=2025-12',
  '/ui/account',
  '/ui/users',
  '/ui/users/ada',
  '/ui/groups',
  '/ui/groups/Team',
  '/ui/groups/Team/servers?server=demo',
  '/ui/groups/Team/connect',
  '/ui/groups/Team/rights',
  '/ui/groups/Team/model-tools',
  '/ui/groups/Team/settings',
  '/ui/groups/none-of-this-name',
  '/ui/audit',
  '/ui/settings',
  '/ui/no/such/page',
];

describe.skipIf(chromium === null)('accessibility (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    const { servers } = app.client();
    await servers.addDemo.mutate();
    await servers.create.mutate({ name: 'broken', kind: 'stdio', command: 'no-such-program-anywhere' });
    await servers.start.mutate({ id: 'demo', wait: true });
    await app.client().keys.create.mutate({ name: 'Laptop', scopes: ['read', 'execute'], servers: ['demo'] });
    await app.client().groups.create.mutate({ name: 'Team', settings: { requireApproval: true } });
    await app.client().groups.addServer.mutate({ groupId: 'Team', serverId: 'demo' });
    await app.client().users.create.mutate({ username: 'ada', groups: ['Team'] });
    function call(toolName: string, args: object) {
      return app.json('/api/mcp/tools/call', { body: { toolName, arguments: args } });
    }
    await call('demo__echo', { message: 'hi' });
    await call('demo__weather_report', { city: 'Lisbon' });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const)(
    'finds nothing on any page: $colorScheme, $width px',
    async ({ colorScheme, width }) => {
      await using visitor = await browser.visit(app.url, {
        colorScheme,
        viewport: { width, height: 860 },
        bypassCSP: true,
      });
      const { page } = visitor;
      const found: Record<string, string[]> = {};
      async function check(name: string) {
        const list = await violations(page);
        if (list.length > 0) found[name] = list;
      }
      await page.goto('/ui/');
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await check('sign in');
      await signIn(page);
      await open(page, '/ui/');
      for (const path of pages) {
        await walk(page, path);
        await page.waitForTimeout(250);
        await check(path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        if (wide) found[path] = [...(found[path] ?? []), 'the page scrolls sideways'];
      }
      expect(found).toEqual({});
    },
    900_000,
  );

  it('finds nothing in dialogs and menus', async () => {
    await using visitor = await browser.visit(app.url, { bypassCSP: true });
    const { page } = visitor;
    await signIn(page);
    await page.goto('/ui/servers');
    await page.getByRole('button', { name: 'Actions for Demo' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Delete server' }).click();
    await page.getByRole('alertdialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.goto('/ui/keys');
    await page.getByRole('button', { name: 'Create key' }).first().click();
    expect(await violations(page)).toEqual([]);
  });
});
