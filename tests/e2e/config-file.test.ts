import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('the file of the whole hub (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    ({ page } = visitor);
    await signIn(page);
    const server = { name: 'kept', url: 'http://127.0.0.1:1/mcp', headers: { 'x-key': 'planted-header' } };
    expect((await app.json('/api/servers', { method: 'POST', body: server })).status).toBe(201);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  async function look(text: string) {
    await page.getByLabel('File', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Show what would change' }).click();
  }

  it('is exported, edited, looked at as a plan, and applied', async () => {
    await page.goto('/ui/settings');
    await page.getByRole('link', { name: /^Export and import/ }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    const text = await readFile(await (await saved).path(), 'utf8');
    expect(text).toMatch(/^servers:\n {2}kept:$/m);
    expect(text).not.toContain('planted');

    const picked = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await (await picked).setFiles({ name: 'hub.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
    await page.getByText('hub.yaml').waitFor();
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('The file changes nothing.').waitFor();
    await page.getByRole('button', { name: 'Another one' }).click();
    const entry = `people:\n  ann:\n    role: user\nservers:\n  kept:\n    kind: streamable-http\n    name: kept`;
    const edited = `version: 1\n${entry}\n    url: http://127.0.0.1:1/other\n    headers: {x-key: '***'}\n    owner: ann\n`;
    await look(edited.replace('owner: ann', 'owner: nobody'));
    await page.getByRole('row', { name: /kept.*there is no user called 'nobody'/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Apply the plan' }).isDisabled()).toBe(true);
    await look(edited);
    await page.getByRole('row', { name: /people ann New/ }).waitFor();
    const row = page.getByRole('row', { name: /servers kept Changes/ });
    await row.getByRole('insertion').getByText('http://127.0.0.1:1/other').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Apply the plan' }).click();
    await page.getByText('The file is applied').waitFor();
    expect(JSON.stringify((await app.json('/api/servers/kept')).body)).toContain('http://127.0.0.1:1/other');
  });

  it('says where a file is wrong', async () => {
    await look('version: 1\nservers: {kept: {kind: stdio, colour: red}}');
    await page.getByRole('alert').getByText('servers.kept: ').first().waitFor();
  });

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('has no fault of accessibility: %s, %i px', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto('/ui/settings/file');
    await look(
      "version: 1\nmodels: {big: {baseUrl: 'https://models.example/v1', apiKey: '***'}}\npeople: {bob: {role: user}}",
    );
    await page.getByRole('row', { name: /models big New/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const shots = process.env['SCREENSHOTS'];
    if (shots) await page.screenshot({ path: `${shots}/file-${colorScheme}-${width}.png`, fullPage: true });
  });
});
