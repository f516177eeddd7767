import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, type TestBrowser } from './browser.ts';

describe.skipIf(chromium === null)('the API reference (needs chromium)', () => {
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

  it.each([
    ['wide', { width: 1280, height: 900 }],
    ['narrow', { width: 390, height: 800 }],
  ])('opens with a guide and shows a route, on a %s screen', async (_name, viewport) => {
    await using visitor = await browser.visit(app.url, { viewport });
    const { page, complaints } = visitor;
    await page.goto('/docs');
    for (const name of ['Which API to use', 'Tokens and keys', 'Rate limits', 'Errors']) {
      await page.getByRole('heading', { name, exact: true }).waitFor({ timeout: 90_000 });
    }
    const route = page.locator('#operations-Servers-getServer');
    await route.locator('.opblock-summary-control').click();
    await route.getByText('secret.reveal').waitFor();
    await route.getByText('server-1').first().waitFor();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    expect(complaints).toEqual([]);
  });
});
