import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, open, openBrowser, signIn, type TestBrowser } from './browser.ts';

describe.skipIf(chromium === null)('a page whose scripts do not arrive (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it.each(['index', 'libraries'])('opens again when %s is lost', async (name) => {
    await using visitor = await browser.visit(app.url);
    const { page } = visitor;
    let lost = 0;
    await page.route(new RegExp(`/assets/${name}[^/]*\\.js`), (route) => {
      lost += 1;
      return lost <= 2 ? route.abort('connectionfailed') : route.continue();
    });
    await page.goto('/ui/');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(lost).toBeGreaterThan(2);
  });

  it.each([
    ['en-GB', 'Connecting again…'],
    ['zh-CN', '正在重新连接…'],
  ])('says in %s that it connects again, and opens when the files are there', async (locale, words) => {
    await using visitor = await browser.visit(app.url, { locale });
    const { page } = visitor;
    let opened = 0;
    let arrives = false;
    page.on('request', (request) => void (opened += request.isNavigationRequest() ? 1 : 0));
    await page.route(/\/assets\/index[^/]*\.js/, (route) =>
      arrives ? route.continue() : route.abort('connectionfailed'),
    );
    await page.goto('/ui/');
    await page.getByText(words).waitFor();
    await expect.poll(() => opened).toBeGreaterThan(2);
    arrives = true;
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByText(words).isVisible()).toBe(false);
  });

  it.each(['keys-page', 'connect-page'])('shows %s although its file was lost several times', async (name) => {
    await using visitor = await browser.visit(app.url);
    const { page } = visitor;
    await signIn(page);
    let lost = 0;
    await page.route(new RegExp(`/assets/${name}[^/]*\\.js`), (route) => {
      lost += 1;
      return lost <= 2 ? route.abort('connectionfailed') : route.continue();
    });
    await open(page, '/ui/');
    await page.getByRole('link', { name: name === 'keys-page' ? 'API keys' : 'Connect', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: name === 'keys-page' ? 'API keys' : 'Connect' }).waitFor();
    expect([lost, visitor.complaints]).toEqual([3, []]);
  });

  it('opens a page whose file stays lost with the button that says so', async () => {
    await using visitor = await browser.visit(app.url);
    const { page } = visitor;
    await signIn(page);
    await open(page, '/ui/');
    let arrives = false;
    await page.route(/\/assets\/keys-page[^/]*\.js/, (route) =>
      arrives ? route.continue() : route.abort('connectionfailed'),
    );
    await page.getByRole('link', { name: 'API keys', exact: true }).click();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor({ timeout: 90_000 });
    arrives = true;
    await again.click();
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
  });
});
