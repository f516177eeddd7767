import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider } from '@switchboard/agents/testing';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

const key = 'sk-live-abcdefgh12345678';

describe.skipIf(chromium === null)('models (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let provider: Awaited<ReturnType<typeof startProvider>>;

  beforeAll(async () => {
    provider = await startProvider();
    provider.models = ['vendor/large', 'vendor/small'];
    app = await createTestApp();
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await provider?.[Symbol.asyncDispose]();
  });

  it('shows the built-in one, which answers', async () => {
    const { page } = admin;
    await page.goto('/ui/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Models' }).click();
    await page.getByRole('button', { name: 'Test demo' }).click();
    await page.getByText(/It answers: first token after/).waitFor();
    expect(await page.getByRole('button', { name: 'Delete demo?' }).count()).toBe(0);
  });

  it('adds one from what its provider offers, after a test', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Add a model' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Provider', { exact: true }).selectOption({ label: 'Ollama' });
    await dialog.getByLabel(/^Base URL/).fill(`${provider.url}/v1`);
    await dialog.getByLabel('API key', { exact: true }).fill(key);
    await dialog.getByRole('button', { name: 'List' }).click();
    await dialog.getByText('2 models found').waitFor();
    await dialog.getByLabel('Model at the provider').fill('vendor/small');
    await dialog.getByLabel(/^Name/).fill('vendor/small');
    await dialog.getByLabel('Price per million tokens in').fill('2');
    provider.script({ text: 'Good morning.', usage: { prompt: 5, completion: 3 } });
    await dialog.getByRole('button', { name: 'Test' }).click();
    await dialog.getByText('Good morning.').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Add it' }).click();
    await page.getByRole('button', { name: 'vendor/small', exact: true }).waitFor();
    const model = await app.client().models.get.query({ id: 'vendor/small' });
    expect(model).toMatchObject({ baseUrl: `${provider.url}/v1`, model: 'vendor/small', hasKey: true, priceIn: 2 });
  });

  it('tells what a provider answers instead, and what the month cost', async () => {
    const { page } = admin;
    provider.script({ text: 'Hello.', usage: { prompt: 1_000_000, completion: 1 } });
    // What it used is stored before it is told.
    const told = page.waitForResponse((response) => response.url().includes('/trpc/models.test'));
    await page.getByRole('button', { name: 'Test vendor/small' }).click();
    await told;
    await walk(page, '/ui/models/budgets');
    const used = page.getByRole('table', { name: 'Used, by month' });
    await used.getByRole('row', { name: 'vendor/small' }).waitFor();
    expect(await used.getByRole('row', { name: 'vendor/small' }).innerText()).toMatch(/admin.*2\.?0*$/s);
    await walk(page, '/ui/models');
    provider.script({ status: 401, body: { error: { message: 'This key was revoked.' } } });
    await page.getByRole('button', { name: 'Test vendor/small' }).click();
    await page.getByText(/This key was revoked/).waitFor();
  });

  it('changes one and keeps its key, on a phone', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 390, height: 800 });
    await page.getByRole('button', { name: 'vendor/small', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Context window (tokens)').fill('32000');
    await dialog.getByLabel('Who sees it').selectOption('everyone');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await app.client().models.get.query({ id: 'vendor/small' })).toMatchObject({
      contextWindow: 32_000,
      visibility: 'everyone',
      hasKey: true,
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
