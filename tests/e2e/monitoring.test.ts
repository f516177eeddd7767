import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, createTestApp, type TestApp } from '../support/app.ts';
import { scriptedProgram } from '../support/mcp/scripted-program.ts';
import { addPerson, commonPassword } from '../support/people.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, type TestBrowser } from './browser.ts';

describe.skipIf(chromium === null)('monitoring in the page (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let page: Page;

  function chart(title: string) {
    return page.getByRole('region', { name: title, exact: true });
  }

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    ({ page } = await browser.visit(app.url));
    await page.request.post('/trpc/auth.login', { data: { username: 'admin', password: adminPassword } });
    function add(id: string) {
      const program = { command: process.execPath, args: [scriptedProgram] };
      return app.client().servers.create.mutate({ id, visibility: 'everyone', kind: 'stdio', ...program });
    }
    await add('files');
    await add('other');
    for (let n = 0; n < 6; n += 1) await app.json('/api/mcp/servers/files/tools/echo/call', { body: { text: 'hi' } });
    await app.json('/api/mcp/servers/other/tools/fail/call', { body: { text: 'no' } });
    await addPerson(app, 'ann');
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await app.stop();
  });

  it('shows how much is called, and leads from the failing tool to its own figures', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(page, '/ui/monitoring');
    await expect.poll(() => chart('Calls').innerText()).toMatch(/^Calls\s+7\b/);
    await chart('Calls').locator('canvas').waitFor();
    await chart('Processor, of one core').waitFor();
    const failing = page.getByRole('table', { name: 'Most failing' });
    await failing.getByRole('button', { name: 'other/fail' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('tool')).toBe('other/fail');
    await expect.poll(() => chart('Calls').innerText()).toMatch(/^Calls\s+1\b/);
    expect(await chart('Processor, of one core').count()).toBe(0);
    await page.getByRole('button', { name: /other\/fail.*Lift the filter/ }).click();
    await page.getByLabel('Server', { exact: true }).selectOption('files');
    await expect.poll(() => chart('Calls').innerText()).toMatch(/^Calls\s+6\b/);
    expect(await violations(page)).toEqual([]);
  });

  it('tells what is under the pointer, and looks closer where one draws over a chart', async () => {
    await open(page, '/ui/monitoring');
    const canvas = chart('Calls').locator('.u-over');
    await canvas.waitFor();
    const box = await canvas.boundingBox();
    if (!box) throw new Error('The chart has no place.');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width - 3, y);
    await expect.poll(() => chart('Calls').getByRole('listitem').first().innerText()).toMatch(/All\s*(\d+|–)/);
    await page.mouse.move(box.x + box.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, y, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.has('from')).toBe(true);
    await page.getByRole('button', { name: 'Show all of it' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.has('from')).toBe(false);
    await page.getByRole('radio', { name: '7 days' }).click();
    await expect.poll(() => chart('Calls').innerText()).toMatch(/^Calls\s+7\b/);
  });

  it('has the figures of a server on its page', async () => {
    await open(page, '/ui/servers/files/charts');
    await expect.poll(() => chart('Calls').innerText()).toMatch(/^Calls\s+6\b/);
    await chart('Response time').waitFor();
    expect(await chart('Memory of its programs').count()).toBe(0);
    // What is measured is written once a minute: here is what one minute would write.
    await app.connection.sql`
      insert into gauge_series (resolution, gauge, bucket, replica, server, count, sum, min, max)
      select 1, gauge, floor(extract(epoch from now()) / 60)::integer - ago, 'r', 'files', 1, n, n, n
      from (values ('memory', 64e6), ('cpu', 12)) as used (gauge, n), generate_series(0, 9) as ago`;
    await open(page, '/ui/servers/files/charts');
    await expect.poll(() => chart('Memory of its programs').innerText()).toMatch(/^Memory of its programs\s+6[14]/);
    await chart('Processor, of one core').waitFor();
    expect(await violations(page)).toEqual([]);
    const shots = process.env['MONITORING_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/server.png`, fullPage: true });
  });

  it('shows in the table of servers how each was called in a day', async () => {
    await open(page, '/ui/servers');
    const row = page.getByRole('row', { name: /files/ });
    await row.getByText('Calls in 24 hours: 6, failed: 0').waitFor({ state: 'attached' });
    await page.getByText('Calls in 24 hours: 1, failed: 1').waitFor({ state: 'attached' });
    const shots = process.env['MONITORING_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/servers.png`, fullPage: true });
  });

  it.each([1_440, 390])('fits a window of %i px, light and dark', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await open(page, '/ui/monitoring');
      await chart('Calls').locator('canvas').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const shots = process.env['MONITORING_SHOTS'];
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${width}-${scheme}.png`, fullPage: true });
    }
  });

  it('shows others the servers that they see, and nothing of the hub itself', async () => {
    const { page: anns } = await browser.visit(app.url);
    await anns.request.post('/trpc/auth.login', { data: { username: 'ann', password: commonPassword } });
    await open(anns, '/ui/monitoring');
    await expect
      .poll(() => anns.getByRole('region', { name: 'Calls', exact: true }).innerText())
      .toMatch(/^Calls\s+7\b/);
    expect(await anns.getByRole('region', { name: 'Memory of the hub' }).count()).toBe(0);
    expect(await anns.getByLabel('Person', { exact: true }).locator('option').allInnerTexts()).toEqual(['Anyone']);
  });
});
