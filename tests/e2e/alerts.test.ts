import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { until } from '../support/until.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('alerts in the page (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let page: Page;
  let receiver: Server;
  const told: Json[] = [];

  /** What the hub does by itself each minute. */
  async function look(): Promise<void> {
    const { db, jobs } = app.core.deps;
    await jobs.send(db, { name: 'alerts.evaluate', version: 1, input: z.object({}) }, {});
    jobs.wake('alerts.evaluate');
  }
  function alertsIn(list: 'Open' | 'Over') {
    return page.getByRole('list', { name: list }).getByRole('listitem');
  }

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        told.push(JSON.parse(text));
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    const settings = { notifications: { webhook: `http://127.0.0.1:${port}/alerts` } };
    expect((await app.json('/api/config', { method: 'PUT', body: settings })).status).toBe(200);
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    page = admin.page;
    await signIn(page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    receiver?.closeAllConnections();
    receiver?.close();
  });

  it('has nothing to show at first, and rules that are switched on', async () => {
    await open(page, '/ui/alerts');
    await page.getByText('Nothing needs you').waitFor();
    await page.getByRole('radio', { name: 'Rules' }).click();
    await page.getByRole('switch', { name: 'A server does not run: switched on' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Edit A server does not run' }).click();
    await page.getByLabel('Has to last').fill('0');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('makes a rule, says what is wrong with one, and removes it', async () => {
    await page.getByRole('button', { name: 'New rule' }).click();
    await page.getByLabel('Name').fill('Slow at night');
    await page.getByLabel('What it looks at').selectOption('slow-calls');
    await page.getByLabel('Slower than, in milliseconds').fill('0');
    await page.getByRole('switch', { name: 'Quiet hours' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('must be a number from 1 to 3600000').first().waitFor();
    await page.getByLabel('Slower than, in milliseconds').fill('2000');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText(/2000 ms · within 5 minutes · every server · quiet from 22:00 to 07:00/).waitFor();
    await page.getByRole('button', { name: 'Remove Slow at night' }).click();
    await page.getByRole('button', { name: 'Remove rule' }).click();
    await page.getByText('Slow at night', { exact: true }).waitFor({ state: 'detached' });
  });

  it('shows an alert as it begins, tells a webhook once, and leads to the log of the server', async () => {
    await page.getByRole('radio', { name: 'Open' }).click();
    const args = ['-e', 'process.exit(3)'];
    await app.client().servers.create.mutate({ id: 'broken', kind: 'stdio', command: process.execPath, args });
    await until(() => app.runtime.status('broken')?.phase === 'error', 'The failure of the server');
    await look();
    await alertsIn('Open').getByText("'broken' does not run.").waitFor();
    await until(() => told.length > 0, 'The notification');
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told[0])).toContain("'broken' does not run.");
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: "I take care of it: 'broken' does not run." }).click();
    await page.getByText('admin takes care of it').waitFor();
    await page.getByRole('link', { name: 'To the server' }).click();
    await page.waitForURL(/\/ui\/servers\/broken\/logs/);
  });

  it('is over when its server is switched off, which the webhook is told too', async () => {
    await open(page, '/ui/alerts?tab=resolved');
    await app.json('/api/servers/broken', { method: 'PUT', body: { enabled: false } });
    await look();
    await alertsIn('Over').getByText("'broken' does not run.").waitFor();
    await until(() => told.length > 1, 'The second notification');
    expect(JSON.stringify(told[1])).toContain('Over');
    expect(told).toHaveLength(2);
    expect(admin.complaints).toEqual([]);
  });
});
