import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, type TestBrowser } from './browser.ts';
import { officialServer } from './upstreams.ts';

describe.skipIf(chromium === null)('six tabs at once (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    await app.client().servers.addDemo.mutate();
    await app
      .client()
      .servers.create.mutate({ name: 'chatty', kind: 'stdio', ...officialServer('everything', 'stdio') });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('keeps all of them live and answering', async () => {
    await using visitor = await browser.visit(app.url);
    await signIn(visitor.page);
    const tabs: Page[] = [visitor.page];
    while (tabs.length < 6) tabs.push(await visitor.tab());
    for (const tab of tabs) await tab.goto('/ui/servers');
    for (const tab of tabs) await tab.getByText('Live', { exact: true }).waitFor();
    function row(tab: Page) {
      return tab.getByRole('row', { name: /Demo/ });
    }
    for (const tab of tabs) await row(tab).getByText('Running').waitFor({ timeout: 90_000 });

    await app.client().servers.stop.mutate({ id: 'demo' });
    for (const tab of tabs) await row(tab).getByText('Stopped').waitFor();

    // Every tab can still ask the hub something.
    for (const tab of tabs) {
      await row(tab).getByRole('link', { name: 'Demo' }).click();
      await tab.getByRole('heading', { level: 1, name: /Demo/ }).waitFor();
    }
    expect(visitor.complaints).toEqual([]);
  });

  it('follows a log in one tab and the calls in another', async () => {
    const { servers } = app.client();
    await servers.start.mutate({ id: 'demo', wait: true });
    await servers.start.mutate({ id: 'chatty', wait: true });
    await using visitor = await browser.visit(app.url);
    await signIn(visitor.page);
    const other = await visitor.tab();
    await visitor.page.goto('/ui/servers/chatty/logs');
    await other.goto('/ui/calls');
    await visitor.page.getByText('Live', { exact: true }).waitFor();
    await other.getByText('Live', { exact: true }).waitFor();
    const call = { toolName: 'demo__echo', arguments: { message: 'hi' } };
    await app.json('/api/mcp/tools/call', { body: call });
    await other.getByRole('button', { name: 'echo demo' }).waitFor();
    const lines = visitor.page.getByRole('log').locator('time');
    const before = await lines.count();
    await app.client().servers.restart.mutate({ id: 'chatty' });
    await lines.nth(before).waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
