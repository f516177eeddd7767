import type { Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, type TestBrowser } from './browser.ts';

/** Files of the page that a cold start of the overview may ask for. */
const mostFiles = 25;

describe.skipIf(chromium === null)('a cold start of the overview (needs chromium)', () => {
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

  it('asks for few files, which come compressed', async () => {
    await using first = await browser.visit(app.url);
    await signIn(first.page);
    const storageState = await first.page.context().storageState();
    await using visitor = await browser.visit(app.url, { storageState });
    const files: Response[] = [];
    visitor.page.on('response', (response) => {
      if (new URL(response.url()).pathname.startsWith('/ui/')) files.push(response);
    });
    await visitor.page.goto('/ui/');
    await visitor.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await visitor.page.waitForLoadState('load');

    expect(files.length).toBeLessThanOrEqual(mostFiles);
    const scripts = files.filter((response) => response.url().includes('/assets/'));
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) {
      const headers = await script.allHeaders();
      const isLarge = Number(headers['content-length']) >= 1024 || headers['content-encoding'] !== undefined;
      if (isLarge) expect(headers['content-encoding'], script.url()).toMatch(/^(?:br|gzip)$/);
    }
  });
});
