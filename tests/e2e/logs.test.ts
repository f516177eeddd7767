import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

const program = path.join(import.meta.dirname, '../compat/fixtures/web-search.mjs');

describe.skipIf(chromium === null)('the log in the page (needs chromium)', () => {
  let app: TestApp;
  let collector: OtlpReceiver;
  let browser: TestBrowser;
  let admin: Visitor;
  let page: Page;

  function call(tool: string, body: object = {}) {
    return app.json(`/api/mcp/servers/search/tools/${tool}/call`, { method: 'POST', body });
  }
  function lines() {
    return page.getByRole('log', { name: 'Log' });
  }

  beforeAll(async () => {
    collector = await startOtlpReceiver();
    app = await createTestApp({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER_ARG: '1',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      TRACE_URL: 'https://traces.example.com/t/{traceId}?from=hub',
    });
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    page = admin.page;
    await app.client().servers.create.mutate({
      id: 'search',
      kind: 'stdio',
      command: process.execPath,
      args: [program],
    });
    await call('say', { line: 'ERROR the licence ran out' });
    await call('dies');
    await signIn(page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await collector?.[Symbol.asyncDispose]();
  });

  it('leads from a call that failed to its trace, and to what its server wrote then', async () => {
    await open(page, '/ui/calls?outcome=error');
    await page.getByRole('button', { name: 'dies' }).first().click();
    const { traceId } = await collector.spanNamed('tools/call dies', ({ kind }) => kind === 'client');
    const toTrace = page.getByRole('dialog', { name: 'dies' }).getByRole('link', { name: 'Open the trace' });
    expect(await toTrace.getAttribute('href')).toBe(`https://traces.example.com/t/${traceId}?from=hub`);
    await page.getByRole('link', { name: 'What was logged meanwhile' }).click();
    await page.waitForURL(/\/ui\/log\?.*request=/);
    await lines().getByText('ERROR the licence ran out', { exact: true }).waitFor();
    await lines()
      .getByText(/^tools\/call dies: error/)
      .waitFor();
    // What happened before, of other requests, is not there.
    expect(
      await lines()
        .getByText(/server\.create/)
        .count(),
    ).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  it('shows all sources, and filters them', async () => {
    await open(page, '/ui/log');
    await lines()
      .getByText(/server\.create search: ok/)
      .waitFor();
    await lines().getByText('ERROR the licence ran out', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Source' }).selectOption('audit');
    await page.waitForURL(/source=audit/);
    await expect.poll(() => lines().getByText('ERROR the licence ran out', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('combobox', { name: 'Level' }).selectOption('error');
    await lines().getByText('ERROR the licence ran out', { exact: true }).waitFor();
    await expect
      .poll(() =>
        lines()
          .getByText(/server\.create/)
          .count(),
      )
      .toBe(0);
  });

  it('tells what comes, waits while it is paused, and shows more of a record', async () => {
    await open(page, '/ui/log');
    await lines().getByText('ERROR the licence ran out', { exact: true }).waitFor();
    await call('say', { line: 'WARN while you look' });
    await lines().getByText('while you look').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await call('say', { line: 'WARN while it is paused' });
    await page.getByRole('button', { name: /Resume \([1-9]/ }).waitFor();
    expect(await lines().getByText('while it is paused').count()).toBe(0);
    await page.getByRole('button', { name: /Resume/ }).click();
    await lines().getByText('while it is paused').waitFor();
    await lines()
      .getByText(/^tools\/call dies: error/)
      .first()
      .click();
    await page.getByRole('link', { name: 'Show the call' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'All of this request' }).click();
    await page.waitForURL(/request=/);
    await lines().getByText('ERROR the licence ran out', { exact: true }).waitFor();
    expect(admin.complaints).toEqual([]);
  });

  it('shows older records on request, and keeps the place where one reads', async () => {
    await app.connection.sql`
      insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, credential, via)
      select 'older-' || n, now() - interval '2 days' + make_interval(secs => n), 1, 'search', 'all', 'tools/call',
        'n' || n, 'timeout', 'local', 'mcp' from generate_series(1, 1200) as n`;
    await open(page, '/ui/log?source=calls');
    await lines().getByText('tools/call n1200: timeout').waitFor();
    expect(await lines().getByText('tools/call n100:').count()).toBe(0);
    const older = page.getByRole('button', { name: 'Show older records' });
    const first = await lines()
      .getByText(/tools\/call n\d+/)
      .first()
      .elementHandle();
    await older.click();
    await expect
      .poll(() =>
        lines()
          .getByText(/tools\/call n\d+/)
          .count(),
      )
      .toBeGreaterThan(900);
    const [seen, region] = await Promise.all([first?.boundingBox(), lines().boundingBox()]);
    expect(seen?.y).toBeGreaterThan(region?.y ?? Infinity);
    expect(seen?.y).toBeLessThan((region?.y ?? 0) + (region?.height ?? 0));
    await older.click();
    await lines().getByText('tools/call n1: timeout').waitFor();
    await expect.poll(() => older.count()).toBe(0);
    expect(
      await lines()
        .getByText(/tools\/call n\d+/)
        .count(),
    ).toBe(1_200);
  });
});
