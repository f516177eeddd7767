import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

const program = path.join(import.meta.dirname, 'fixtures/markdown-server.mjs');

describe.skipIf(chromium === null)('Markdown that a server wrote (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    const { servers } = app.client();
    await servers.create.mutate({ name: 'notes', kind: 'stdio', command: process.execPath, args: [program] });
    await servers.start.mutate({ id: 'notes', wait: true });
    visitor = await browser.visit(app.url, { viewport: { width: 390, height: 844 } });
    await signIn(visitor.page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('is read as such, and is no more than text', async () => {
    const { page, complaints } = visitor;
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    await page.goto('/ui/playground?server=notes&method=resources/read&name=notes://all');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const main = page.locator('main');
    await main.getByRole('heading', { name: 'Release notes', level: 3 }).waitFor();
    await main.locator('math[display=block] msqrt').waitFor();
    expect(await main.locator('math').count()).toBe(2);
    await main.locator('.tok-keyword', { hasText: 'function' }).waitFor();
    await main.locator('figure', { hasText: 'still_open' }).locator('.tok-keyword').waitFor();
    expect(await main.getByText('<script>window.owned=true</script>').count()).toBe(1);
    expect(await main.getByRole('checkbox', { name: 'Done', exact: true }).isChecked()).toBe(true);
    const links = main.locator('a[target=_blank]');
    expect(await links.evaluateAll((each) => each.map((link) => link.getAttribute('href')))).toEqual([
      'https://example.com/page',
      'https://elsewhere.invalid/picture.png',
    ]);
    expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false);
    expect([...asked]).toEqual([new URL(app.url).origin]);
    // What is wide scrolls by itself.
    const table = main.getByRole('region', { name: 'Table' });
    expect(await table.evaluate((node) => node.scrollWidth > node.clientWidth)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await violations(page)).toEqual([]);
    await main.getByRole('radio', { name: 'As written' }).click();
    await main.getByText('# Release notes').waitFor();
    expect(complaints).toEqual([]);
  });
});
