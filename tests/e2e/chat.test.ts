import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, open, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('chat (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let provider: ScriptedProvider;

  beforeAll(async () => {
    provider = await startProvider();
    app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
    await app.client().servers.addDemo.mutate();
    await app.client().servers.start.mutate({ id: 'demo', wait: true });
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await provider?.[Symbol.asyncDispose]();
  });

  it('is found in the navigation, and the demo model answers', async () => {
    const { page } = admin;
    await open(page, '/ui/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }).click();
    await page.getByRole('combobox', { name: 'Model' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('demo');
    await page.getByRole('button', { name: 'Which tools do you have?' }).click();
    await page.getByRole('textbox', { name: 'Message', exact: true }).press('Enter');
    await page.getByRole('log').getByText('I have these tools:').waitFor();
    await page.waitForURL(/\/ui\/chat\/.+/);
    expect(
      await page
        .getByRole('textbox', { name: 'Message', exact: true })
        .evaluate((box) => box === document.activeElement),
    ).toBe(true);
  });
});
