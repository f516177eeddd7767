import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

const hostile = path.join(import.meta.dirname, 'fixtures/hostile-server.mjs');

function run(page: Page) {
  return page.getByRole('button', { name: 'Run', exact: true }).click();
}
function outcome(page: Page, word: string) {
  return page.getByRole('status').getByText(word, { exact: true }).first().waitFor();
}

describe.skipIf(chromium === null)('the playground (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    const { servers } = app.client();
    await servers.addDemo.mutate();
    await servers.create.mutate({ name: 'hostile', kind: 'stdio', command: process.execPath, args: [hostile] });
    await servers.start.mutate({ id: 'demo', wait: true });
    await servers.start.mutate({ id: 'hostile', wait: true });
    visitor = await browser.visit(app.url);
    page = visitor.page;
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('answers what a tool asks in the middle of a call', async () => {
    await page.goto('/ui/playground?server=demo&name=book_table');
    await run(page);
    const question = page.getByRole('group', { name: 'The server asks you something' });
    await question.waitFor();
    await question.getByRole('button', { name: 'Send' }).click();
    await question.getByText('This is required.').first().waitFor();
    for (const date of await question.locator('input[type=date]').all()) await date.fill('2027-03-04');
    await question.getByRole('button', { name: 'Send' }).click();
    await outcome(page, 'OK');
  });

  it('shows progress and cancels', async () => {
    await walk(page, '/ui/playground?server=demo&name=count_down');
    await page.getByRole('spinbutton', { name: 'steps' }).fill('20');
    await run(page);
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Cancel the call' }).click();
    await outcome(page, 'Cancelled');
  });

  it('draws an image', async () => {
    await walk(page, '/ui/playground?server=demo&name=draw_pattern');
    await page.getByRole('textbox', { name: 'word' }).fill('switchboard');
    await run(page);
    const image = page.getByRole('img', { name: 'Image from the server' });
    await image.waitFor();
    expect(await image.evaluate((node) => (node as unknown as { naturalWidth: number }).naturalWidth)).toBeGreaterThan(
      0,
    );
  });

  it('builds fields for choices, lists and nested objects, and checks them before sending', async () => {
    await walk(page, '/ui/playground?server=hostile&name=choose');
    await run(page);
    await page.getByRole('alert').getByText('2 fields need another look.').waitFor();
    await page.getByRole('combobox', { name: 'colour' }).selectOption({ label: 'Green' });
    await page.getByRole('checkbox', { name: 'm', exact: true }).check();
    await page.getByRole('textbox', { name: 'name' }).fill('Ada');
    await page.getByRole('spinbutton', { name: 'age' }).fill('36');
    await page.getByRole('button', { name: 'Add an entry' }).click();
    await page.getByRole('textbox', { name: 'notes 1' }).fill('first');
    await run(page);
    await outcome(page, 'OK');
    await page.getByRole('tab', { name: 'JSON' }).click();
    const sent = await page.getByRole('region', { name: 'Request' }).textContent();
    expect(JSON.parse(sent ?? '')).toMatchObject({
      arguments: { colour: 'g', sizes: ['m'], owner: { name: 'Ada', age: 36 }, notes: ['first'] },
    });
  });

  it('gives a curl command that does the same', async () => {
    await page.getByRole('tab', { name: 'curl' }).click();
    const command = (await page.getByRole('region', { name: 'curl' }).textContent()) ?? '';
    const body = /-d '(.*)'$/s.exec(command)?.[1] ?? '';
    const headers = Object.fromEntries(
      [...command.matchAll(/-H '([^:]+): ([^']*)'/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
    );
    const answer = await app.fetch('/mcp/hostile', { body, headers });
    expect(await answer.text()).toContain('Ada');
  });

  it('shows hostile results as data', async () => {
    await walk(page, '/ui/playground?server=hostile&name=attack');
    await run(page);
    await outcome(page, 'OK');
    await page.getByText('click me').waitFor();
    const hrefs = await page
      .locator('main a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(
      hrefs.filter((href) => !/^(https:\/\/example\.com|\/ui\/|data:application\/octet-stream)/.test(href)),
    ).toEqual([]);
    const rels = await page
      .locator('main a[target=_blank]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('rel')));
    expect(rels).toEqual(['noopener noreferrer nofollow']);
    await walk(page, '/ui/servers/hostile/tools?item=attack');
    await page.getByRole('heading', { level: 1, name: /hostile/ }).waitFor();
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => 'owned' in globalThis)).toBe(false);
  });

  it('plays the model when a server asks for one', async () => {
    await walk(page, '/ui/playground?server=hostile&name=ask');
    await run(page);
    const question = page.getByRole('group', { name: 'The server asks for a model’s answer' });
    await question.getByRole('textbox').fill('An attack, I think');
    await question.getByRole('button', { name: 'Send' }).click();
    await page.getByText('You said: An attack, I think').waitFor();
  });

  it('keeps the calls of this session', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Servers' }).click();
    await page.getByRole('heading', { level: 1, name: 'Servers' }).waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Playground' }).click();
    await page.getByRole('button', { name: /hostile · ask/ }).waitFor();
  });

  it('left nothing in the browser’s console', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
