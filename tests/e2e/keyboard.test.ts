import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('the keyboard and preferences (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    await app.client().servers.addDemo.mutate();
    visitor = await browser.visit(app.url);
    page = visitor.page;
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('skips to the content', async () => {
    await page.goto('/ui/servers');
    await page.getByRole('link', { name: 'Demo' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('finds a server by name and goes there', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('demo');
    await page.getByRole('option', { name: /^Demo/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Demo/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/ui/servers/demo');
  });

  it('opens a menu, stops the server, and gives the focus back', async () => {
    await page.goto('/ui/servers');
    const button = page.getByRole('button', { name: 'Actions for Demo' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Stop' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Demo/ }).getByText('Stopped').waitFor();
    expect(await button.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
  });

  it('keeps filters in the address', async () => {
    await page.getByRole('searchbox', { name: 'Search servers' }).fill('zzz');
    await page.getByText('No server fits these filters').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('zzz');
    await page.reload();
    expect(await page.getByRole('searchbox', { name: 'Search servers' }).inputValue()).toBe('zzz');
  });

  it('asks once, naming what goes, before it deletes', async () => {
    await page.goto('/ui/servers/demo/settings');
    await page.getByRole('button', { name: 'Delete server' }).click();
    const question = page.getByRole('alertdialog', { name: 'Delete Demo?' });
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    expect((await app.client().servers.list.query()).total).toBe(1);
    await page.getByRole('button', { name: 'Delete server' }).click();
    await question.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('button', { name: /Start the demo server/ }).waitFor();
    expect((await app.client().servers.list.query()).total).toBe(0);
  });

  it('remembers language and theme', async () => {
    await page.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('menuitemradio', { name: '简体中文' }).click();
    await page.getByRole('heading', { level: 1, name: '服务器' }).waitFor();
    await page.getByRole('button', { name: '主题' }).click();
    await page.getByRole('menuitemradio', { name: '深色' }).click();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: '服务器' }).waitFor();
    const root = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']]);
    expect(root).toEqual(['zh-CN', 'dark']);
  });

  it('signs out, and shows the same page again after signing in', async () => {
    await page.getByRole('button', { name: /^账户/ }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.getByRole('button', { name: '登录' }).waitFor();
    await signIn(page);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: '服务器' }).waitFor();
  });

  it('left nothing in the browser’s console', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
