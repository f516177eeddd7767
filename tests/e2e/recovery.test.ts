import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, type TestBrowser } from './browser.ts';

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

  it.each(['index', 'jsx-runtime'])('opens again when %s is lost', async (name) => {
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

  it('gives up after some tries', async () => {
    await using visitor = await browser.visit(app.url);
    const { page } = visitor;
    let opened = 0;
    page.on('request', (request) => void (opened += request.isNavigationRequest() ? 1 : 0));
    await page.route(/\/assets\/index[^/]*\.js/, (route) => route.abort('connectionfailed'));
    await page.goto('/ui/');
    await expect.poll(() => opened).toBe(6);
    await page.waitForTimeout(2_000);
    expect(opened).toBe(6);
  });
});
