import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { startMailServer } from '../support/mail.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('the settings of the running hub (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    // The level is held by LOG_LEVEL, which test hubs have.
    app = await createTestApp({ ALLOW_REGISTRATION: 'false' });
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    ({ page } = visitor);
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  async function setting(section: string) {
    return (await app.json('/api/config')).body.data[section];
  }

  it('are changed, looked up in their history, and rolled back', async () => {
    await page.goto('/ui/settings');
    await page.getByRole('link', { name: /^Appearance/ }).click();
    await page.getByLabel('Name of this hub').fill('Harbour');
    await page.getByLabel('Banner', { exact: true }).fill('We move on Friday');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('note').getByText('We move on Friday').waitFor();
    await page.getByRole('link', { name: 'Harbour' }).waitFor();
    expect(await setting('appearance')).toMatchObject({ name: 'Harbour', banner: { text: 'We move on Friday' } });

    await page.getByRole('radio', { name: 'History' }).click();
    await page.getByRole('insertion').getByText('name: Harbour').waitFor();
    await page.getByRole('button', { name: /^Version 1/ }).click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('button', { name: /^Version 3.*Now.*rolled back to 1/ }).waitFor();
    await page.getByRole('note').waitFor({ state: 'detached' });
    expect(await setting('appearance')).toMatchObject({ name: null, banner: { text: null } });
  });

  it('are tried before they are saved, and a secret stays what it was', async () => {
    await using server = await mailServer();
    await walk(page, '/ui/settings/configuration?section=smtp');
    await page.getByLabel('Mail server').fill('127.0.0.1');
    await page.getByLabel('Port').fill('1');
    await page.getByLabel('Sender').fill('hub@example.com');
    await page.getByLabel('Password', { exact: true }).fill('planted-password');
    const test = page.getByRole('region', { name: 'Send a test' });
    await test.getByLabel('To (in place of who is set)').fill('you@example.com');
    await test.getByRole('button', { name: 'Send a test' }).click();
    await test.getByRole('alert').getByText('127.0.0.1:1 does not answer').waitFor();
    await page.getByLabel('Port').fill(String(server.port));
    await test.getByRole('button', { name: 'Send a test' }).click();
    await test.getByRole('alert').getByText('It was taken').waitFor();
    expect(server.arrived).toMatchObject([{ to: ['you@example.com'] }]);
    expect(await setting('smtp')).toMatchObject({ host: null });

    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('A value is stored').waitFor();
    await page.getByLabel('User', { exact: true }).fill('hub');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect.poll(() => setting('smtp')).toMatchObject({ auth: { user: 'hub', pass: '***' } });
    expect(await page.content()).not.toContain('planted-password');
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect.poll(() => setting('smtp')).toMatchObject({ auth: { pass: null } });
  });

  it('are shown and not offered where a variable holds them', async () => {
    await walk(page, '/ui/settings/configuration?section=registration');
    await page.getByText('Set by the environment variable ALLOW_REGISTRATION').waitFor();
    expect(await page.getByRole('switch', { name: 'People may make accounts for themselves' }).count()).toBe(0);
    await page.getByRole('switch', { name: 'An admin approves new accounts' }).waitFor();
  });

  it('say at the field what is wrong', async () => {
    await walk(page, '/ui/settings/configuration?section=notifications');
    await page.getByLabel('Webhook', { exact: true }).fill('ftp://example.com');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('only http:// and https:// are spoken').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('have no fault of accessibility: %s, %i px', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await walk(page, '/ui/settings');
    await page.getByRole('link', { name: /^Appearance/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    for (const place of ['smtp', 'notifications', 'appearance&history=true']) {
      await walk(page, `/ui/settings/configuration?section=${place}`);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      await page.locator('form, [aria-label="Versions"]').first().waitFor();
      expect(await violations(page)).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const shots = process.env['SCREENSHOTS'];
      if (shots)
        await page.screenshot({ path: `${shots}/${colorScheme}-${width}-${place.slice(0, 10)}.png`, fullPage: true });
    }
  });
});

async function mailServer() {
  const server = await startMailServer();
  return { ...server, [Symbol.asyncDispose]: server.stop };
}
