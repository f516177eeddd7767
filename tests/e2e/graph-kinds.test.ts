import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

function box(page: Page, name: string): Locator {
  return page.locator('.react-flow__node').filter({ hasText: name });
}

describe.skipIf(chromium === null)('nodes at which no model speaks (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let place = '';

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    const client = app.client();
    await client.servers.addDemo.mutate();
    await client.servers.start.mutate({ id: 'demo', wait: true });
    const nodes = ['weather', 'route', 'swim', 'read'].map((name) => ({ name, model_name: 'demo' }));
    const graph = await client.graphs.save.mutate({ config: { name: 'Day out', nodes } });
    place = `/ui/graphs/${graph.id}`;
    admin = await browser.visit(app.url, { viewport: { width: 1440, height: 900 } });
    await signIn(admin.page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('are drawn with their own forms, checked while they are drawn', async () => {
    const { page } = admin;
    await page.goto(place);
    await box(page, 'weather').click();
    const weather = page.getByRole('region', { name: 'weather', exact: true });
    await weather.getByLabel('What does the work').selectOption('tool');
    await weather.getByText(/needs a server and the name/).waitFor();
    await weather.getByLabel(/^MCP server/).selectOption('demo');
    await weather.getByLabel(/^Tool/).selectOption('weather_report');
    await weather.getByLabel('Arguments as JSON').fill('{"city": ');
    await weather.getByText('This is not a JSON object.').waitFor();
    await weather.getByLabel('Arguments as JSON').fill('{"city": "{start}", "days": 1}');

    await box(page, 'route').click();
    const route = page.getByRole('region', { name: 'route', exact: true });
    await route.getByLabel('What does the work').selectOption('condition');
    await route.getByText(/needs cases that each/).waitFor();
    const first = route.getByRole('group', { name: 'Case 1' });
    await first.getByLabel('Field').fill('city');
    await first.getByLabel('Value').fill('Lisbon');
    await first.getByLabel('Continue with').selectOption('swim');
    await route.getByLabel('Otherwise').selectOption('read');
    await route.getByLabel('Comes after').selectOption('weather');
    await page.getByText('No problems').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const saved = page.getByRole('button', { name: 'Save', exact: true, disabled: true });
    await saved.and(page.locator(':not([aria-busy])')).waitFor();
    const { config } = await app.client().graphs.get.query({ id: 'Day out' });
    expect(config.nodes[0]).toMatchObject({ kind: 'tool', tool: { server: 'demo', name: 'weather_report' } });
    expect(config.nodes[1]).toMatchObject({
      kind: 'condition',
      condition: { cases: [{ when: { path: 'city', op: 'eq', value: 'Lisbon' }, to: ['swim'] }], otherwise: ['read'] },
    });
  });

  it('are seen in a run: what was called, and which way it went', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Input/).fill('Lisbon');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Run of Day out' }).waitFor();
    await page.getByRole('group', { name: 'swim: Done' }).waitFor();
    await box(page, 'route').getByText('Continued with swim').waitFor();
    expect(await page.getByRole('group', { name: 'read: Done' }).count()).toBe(0);
    await page.getByRole('group', { name: 'weather: Done' }).click();
    const said = page.getByRole('region', { name: 'weather', exact: true });
    expect(await said.innerText()).toContain('"city":"Lisbon"');
    await said.getByText('Prompt', { exact: true }).click();
    await said.getByText('Call', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(admin.complaints).toEqual([]);
  });

  it('stop at the budget of their run, which is shown, and go on with a larger one', async () => {
    await using visitor = await browser.visit(app.url, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    for (const [{ page }, isPhone] of [
      [admin, false],
      [visitor, true],
    ] as const) {
      if (isPhone) await signIn(page);
      await page.goto(`${place}/runs`);
      await page.getByRole('button', { name: 'Run', exact: true }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/^Input/).fill('Lisbon');
      await dialog.getByText('Budget', { exact: true }).click();
      await dialog.getByLabel('Steps').fill('0');
      await dialog.getByText('A whole number above 0.').waitFor();
      expect(await dialog.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
      await dialog.getByLabel('Steps').fill('1');
      await dialog.getByLabel('Money').fill('2.50');
      expect(await violations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByText('it took 1 steps').waitFor();
      await page.getByText('1 of 1', { exact: true }).waitFor();
      await page.getByText('0 of 2.5', { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Resume', exact: true }).click();
      const more = page.getByRole('dialog');
      expect(await more.getByLabel('Steps').inputValue()).toBe('1');
      await more.getByLabel('Steps').fill('10');
      await more.getByRole('button', { name: 'Resume', exact: true }).click();
      await page.getByText('2 of 10', { exact: true }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    }
    expect(visitor.complaints).toEqual([]);
  });

  it('have the same forms on a phone, in the dark', async () => {
    await using visitor = await browser.visit(app.url, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const { page } = visitor;
    await signIn(page);
    await page.goto(place);
    await page.getByRole('list', { name: 'Nodes of Day out' }).getByRole('button', { name: /route/ }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('group', { name: 'Case 1' }).getByLabel('Value').inputValue()).toBe('Lisbon');
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('What does the work').selectOption('each');
    await dialog.getByLabel('Items at most').waitFor();
    expect(await violations(page)).toEqual([]);
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isWide).toBe(false);
    expect(visitor.complaints).toEqual([]);
  });
});
