import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { startReceiver, type Receiver } from '../support/webhook-receiver.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('webhooks in the page (needs chromium)', () => {
  let app: TestApp;
  let receiver: Receiver;
  let browser: TestBrowser;
  let admin: Visitor;
  let page: Page;

  beforeAll(async () => {
    app = await createTestApp();
    receiver = await startReceiver();
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    page = admin.page;
    await signIn(page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await receiver?.[Symbol.asyncDispose]();
  });

  it('are added, and show their secret once', async () => {
    await open(page, '/ui/webhooks');
    await page.getByText('No webhook yet').waitFor();
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await page.getByLabel('Name').fill('ops');
    await page.getByLabel('Address').fill(receiver.url);
    await page.getByRole('checkbox', { name: 'group.*' }).check();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^whsec_/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Test ops' }).click();
    await page.getByText('The test event was taken').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('show what they were told and what was answered, and tell it again', async () => {
    await app.client().groups.create.mutate({ name: 'told-in-the-page' });
    await page.getByRole('button', { name: 'Deliveries of ops' }).click();
    const drawer = page.getByRole('dialog', { name: 'Deliveries of ops' });
    const row = drawer.getByRole('listitem').filter({ hasText: 'group.created' });
    await row.getByText('Delivered', { exact: true }).waitFor();
    await row.getByText('Request and answer').click();
    await row.getByText(/told-in-the-page/).waitFor();
    await row.getByText('taken', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    const before = receiver.seen.length;
    await row.getByRole('button', { name: 'Tell again' }).click();
    await expect.poll(() => receiver.seen.length).toBe(before + 1);
    expect(admin.complaints).toEqual([]);
  });
});
