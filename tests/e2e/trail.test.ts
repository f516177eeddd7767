import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

const password = 'a quiet harbour at dawn';

describe.skipIf(chromium === null)('the trail, and what a viewer is offered (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let viewer: Visitor;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    [admin, viewer] = await Promise.all([browser.visit(app.url), browser.visit(app.url)]);
    await app.client().users.create.mutate({ username: 'vera', password, role: 'viewer' });
    await signIn(admin.page);
  });
  afterAll(async () => {
    for (const visitor of [admin, viewer]) await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('sets how long history is kept', async () => {
    const { page } = admin;
    await page.goto('/ui/audit');
    await page.getByRole('button', { name: 'Retention' }).click();
    await page.getByRole('spinbutton', { name: /Changes/ }).fill('90');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await app.client().audit.retention.query()).toMatchObject({ auditDays: 90 });
  });

  it('opens the entry that a link names, although the filters leave it out', async () => {
    const { page } = admin;
    const [entry] = (await app.client().audit.list.query({ action: ['user.create'] })).items;
    await page.goto(`/ui/audit?request=nothing-has-this&entry=${entry?.id}`);
    await page.getByRole('dialog', { name: 'user.create' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('is searched by person and key, chosen by name', async () => {
    const { page } = admin;
    const { id } = await app.client().keys.create.mutate({ name: 'nightly imports' });
    await page.goto('/ui/audit');
    await page.getByRole('button', { name: 'Person: Anyone' }).click();
    await page.getByRole('combobox', { name: 'Search: Person' }).fill('ver');
    await page.getByRole('option', { name: 'vera' }).click();
    await page.waitForURL(/user=vera/);
    await page.getByText('No results for these filters').waitFor();
    await page.getByRole('button', { name: 'API key: Any key' }).click();
    await page.getByRole('option', { name: /nightly imports/ }).click();
    await page.waitForURL((url) => url.searchParams.get('key') === id);
    expect(await violations(page)).toEqual([]);
  });

  it('tells a viewer why there is no server to add', async () => {
    const { page } = viewer;
    await page.goto('/ui/');
    await page.getByLabel('Username').fill('vera');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('You may not add servers').waitFor();
    await page.goto('/ui/servers');
    await page.getByText('You may not add servers').waitFor();
    expect(await page.getByRole('link', { name: 'Add a server' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});
