import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('the history of servers and groups (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    ({ page } = visitor);
    await signIn(page);
    const server = { name: 'told', url: 'http://127.0.0.1:1/first' };
    expect((await app.json('/api/servers', { method: 'POST', body: server })).status).toBe(201);
    expect((await app.json('/api/groups', { method: 'POST', body: { name: 'team' } })).status).toBe(201);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  async function rollBackTo(number: number) {
    await page.getByRole('button', { name: new RegExp(`^Version ${number}`) }).click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('button', { name: new RegExp(`Now.*rolled back to ${number}`) }).waitFor();
  }

  it('tells what a change of a server was, and takes it back', async () => {
    await app.json('/api/servers/told', { method: 'PUT', body: { description: 'Says what it was' } });
    await page.goto('/ui/servers/told');
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByRole('insertion').getByText('description: Says what it was').waitFor();
    expect(await violations(page)).toEqual([]);
    await rollBackTo(1);
    expect((await app.json('/api/servers/told')).body.data.description ?? '').toBe('');
  });

  it('tells what a change of a group was, and takes it back', async () => {
    await app.json('/api/groups/team', { method: 'PUT', body: { description: 'Everybody' } });
    await page.goto('/ui/groups/team/history');
    await page.getByRole('insertion').getByText('description: Everybody').waitFor();
    expect(await violations(page)).toEqual([]);
    await rollBackTo(1);
    expect((await app.json('/api/groups/team')).body.data.description).toBe('');
  });
});
