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

  it('opens with a guide and shows a route, on a wide and on a narrow screen', async () => {
    await using visitor = await browser.visit(app.url, { viewport: { width: 1280, height: 900 } });
    const { page, complaints } = visitor;
    // Tags are closed until somebody opens them, or follows a link to an operation.
    await page.goto('/docs#/Servers/getServer');
    const route = page.locator('#operations-Servers-getServer');
    await route.getByText('secret.reveal').waitFor({ timeout: 90_000 });
    // To load it takes many times what the rest does, and nothing in it asks for the width but its styles.
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 390, height: 800 },
    ]) {
      await page.setViewportSize(viewport);
      for (const name of ['Which API to use', 'Tokens and keys', 'Rate limits', 'Errors']) {
        await page.getByRole('heading', { name, exact: true }).waitFor();
      }
      await route.getByText('secret.reveal').waitFor();
      await route.getByText('server-1').first().waitFor();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${viewport.width} px`).toBe(0);
    }
    expect(complaints).toEqual([]);
  });
});
