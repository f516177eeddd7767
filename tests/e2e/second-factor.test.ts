import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, type TestBrowser, type Visitor } from './browser.ts';

const password = 'a quiet harbour at dawn';

/** The code of now, or of the next half minute: each counts once, and the next one already counts. */
function codeOf(secret: string, step: 'now' | 'next') {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + (step === 'next' ? 30_000 : 0),
  });
}

async function signInAs(page: Page, code?: string): Promise<void> {
  await page.getByLabel('Username').fill('grace');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  if (code === undefined) return;
  await page.getByRole('textbox', { name: 'Code' }).fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account: grace' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
}

function overview(page: Page) {
  return page.getByRole('navigation', { name: 'Main' }).waitFor();
}
async function withPassword(page: Page) {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(password);
  await dialog.getByRole('button').last().click();
}

describe.skipIf(chromium === null)('making an account and guarding it (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let grace: Visitor;
  let secret = '';
  let recovery: string[] = [];

  beforeAll(async () => {
    app = await createTestApp({ ALLOW_REGISTRATION: 'true' });
    browser = await openBrowser();
    grace = await browser.visit(app.url);
  });
  afterAll(async () => {
    await grace?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('makes an account, after saying what is wrong with a first try', async () => {
    const { page } = grace;
    await page.goto('/ui/');
    await page.getByRole('button', { name: 'No account yet? Create one' }).click();
    await page.getByLabel('Username').fill('grace');
    await page.getByLabel('Password', { exact: true }).fill('password1');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByText('is one of the first that everybody tries').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await overview(page);
    expect(await app.client().users.list.query({ search: 'grace' })).toMatchObject({ items: [{ role: 'user' }] });
  });

  it('sets up an authenticator app, which has to prove itself', async () => {
    const { page } = grace;
    await page.goto('/ui/account');
    await page.getByRole('button', { name: 'Set up an app' }).click();
    await withPassword(page);
    await expect.poll(() => page.getByTestId('totp-qr').evaluate((image) => image.clientWidth)).toBeGreaterThan(100);
    secret = (await page.getByRole('dialog').locator('code').first().textContent())?.trim() ?? '';
    await page.getByRole('textbox', { name: 'Code from the app' }).fill('000000');
    await page.getByRole('button', { name: 'Switch it on' }).click();
    await page.getByRole('dialog').getByText(/code/i).last().waitFor();
    await page.getByRole('textbox', { name: 'Code from the app' }).fill(codeOf(secret, 'now'));
    await page.getByRole('button', { name: 'Switch it on' }).click();
    const list = page.getByRole('list', { name: 'Recovery codes' });
    await list.waitFor();
    recovery = await list.getByRole('listitem').allTextContents();
    expect(recovery).toHaveLength(10);
    await page.getByRole('button', { name: 'I have stored them' }).click();
    await page.getByRole('button', { name: 'Switch it off' }).waitFor();
  });

  it('asks for the code from then on, and takes each once', async () => {
    const { page } = grace;
    await signOut(page);
    await signInAs(page, '123123');
    await page.getByText('The code is wrong, or was used before.').waitFor();
    const code = codeOf(secret, 'next');
    await page.getByRole('textbox', { name: 'Code' }).fill(code);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await overview(page);
    await signOut(page);
    await signInAs(page, code);
    await page.getByText('The code is wrong, or was used before.').waitFor();
  });

  it('takes a recovery code when the phone is not at hand, and is switched off with the password', async () => {
    const { page } = grace;
    await page.getByRole('textbox', { name: 'Code' }).fill(recovery[0] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await overview(page);
    await page.goto('/ui/account');
    await page.getByRole('button', { name: 'Switch it off' }).click();
    await withPassword(page);
    await page.getByRole('button', { name: 'Set up an app' }).waitFor();
    await signOut(page);
    await signInAs(page);
    await overview(page);
    expect(grace.complaints).toEqual([]);
  });
});
