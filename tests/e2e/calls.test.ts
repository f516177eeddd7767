import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword, createTestApp, type TestApp } from '../support/app.ts';
import { scriptedProgram } from '../support/mcp/scripted-program.ts';
import { addPerson, callerOf, commonPassword, type Caller } from '../support/people.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('calls in the page (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let member: Visitor;
  let tom: Caller;
  let page: Page;

  function call(caller: Caller, tool: string, text = 'hi') {
    return caller.json(`/api/mcp/servers/files/tools/${tool}/call`, { body: { text } });
  }

  /** Signs the browser in as whoever the caller is. */
  async function as(visitor: Visitor, username: string, password: string) {
    await visitor.page.request.post('/trpc/auth.login', { data: { username, password } });
  }

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    [admin, member] = await Promise.all([browser.visit(app.url), browser.visit(app.url)]);
    page = admin.page;
    await app.client().servers.create.mutate({
      id: 'files',
      visibility: 'everyone',
      kind: 'stdio',
      command: process.execPath,
      args: [scriptedProgram],
    });
    tom = await addPerson(app, 'tom');
    await addPerson(app, 'ann');
    const laptop = await tom.client().keys.create.mutate({ name: 'cursor on a laptop' });
    const robot = await tom.client().keys.create.mutate({ name: 'old robot' });
    await call(tom, 'echo');
    await call(callerOf(app, laptop.key, tom.id), 'fail');
    await call(callerOf(app, robot.key, tom.id), 'echo');
    await call(callerOf(app, app.token), 'echo');
    await tom.client().keys.revoke.mutate({ id: robot.id });
    await as(admin, 'admin', adminPassword);
    await as(member, 'ann', commonPassword);
  });
  afterAll(async () => {
    for (const visitor of [admin, member]) await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  function rows() {
    return page.getByRole('table', { name: 'Calls' }).locator('tbody tr');
  }
  async function pick(label: string, text: string, name: string | RegExp) {
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('combobox', { name: `Search: ${label.split(':')[0]}` }).fill(text);
    await page.getByRole('option', { name }).click();
  }

  it('says who called, with which key, and why a tool failed', async () => {
    await open(page, '/ui/calls');
    await rows().nth(3).waitFor();
    const failed = rows().filter({ hasText: 'Tool error' });
    const text = await failed.innerText();
    expect(text).toMatch(/tom/);
    expect(text).toMatch(/cursor on a laptop/);
    expect(text).toMatch(/failed on purpose/);
    expect(await rows().filter({ hasText: 'old robot' }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });

  it('finds calls by person and key, of a key that is gone too', async () => {
    await pick('Person: Anyone', 'to', 'tom');
    await page.waitForURL(/user=tom/);
    await expect.poll(() => rows().count()).toBe(3);
    await page.getByRole('button', { name: 'API key: Any key' }).click();
    await page.getByRole('option', { name: /old robot/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await pick('API key: Any key', 'robot', /Key revoked/);
    await expect.poll(() => rows().count()).toBe(1);
    await page.getByRole('button', { name: 'API key: old robot' }).waitFor();
    await open(page, '/ui/calls?q=laptop');
    await expect.poll(() => rows().count()).toBe(1);
  });

  it('takes yesterday and own moments as times', async () => {
    await open(page, '/ui/calls?span=yesterday');
    await page.getByText('No calls match these filters').waitFor();
    await page.getByRole('combobox', { name: 'Time' }).selectOption('own');
    await page.getByLabel('From', { exact: true }).fill('2020-01-01T00:00');
    await page.waitForURL(/from=2020/);
    await expect.poll(() => rows().count()).toBe(4);
    await page.getByLabel('To', { exact: true }).fill('2020-01-02T00:00');
    await page.getByText('No calls match these filters').waitFor();
  });

  it('shows in the drawer what was recorded, and leads to where that is changed', async () => {
    await open(page, '/ui/calls?outcome=tool_error');
    await rows().first().getByRole('button', { name: 'fail' }).click();
    const drawer = page.getByRole('dialog', { name: 'fail' });
    await drawer.getByText('failed on purpose').waitFor();
    await drawer.getByText('Arguments were not recorded.').waitFor();
    await drawer.getByText('cursor on a laptop').waitFor();
    expect(await violations(page)).toEqual([]);
    await drawer.getByRole('link', { name: 'Change' }).first().click();
    const recording = page.getByRole('combobox', { name: 'Call recording' });
    await expect.poll(() => recording.evaluate((element) => element === document.activeElement)).toBe(true);
    await recording.selectOption('all');
    await page.getByText(/Calls are deleted after 30 days/).waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await app.client().servers.get.query({ id: 'files' })).toMatchObject({ recording: 'all' });
    await call(tom, 'echo', 'kept this time');
    await open(page, '/ui/calls?user=tom');
    await rows().first().getByRole('button', { name: 'echo' }).click();
    await page.getByRole('dialog', { name: 'echo' }).getByText('kept this time').first().waitFor();
  });

  it('says of an error that nobody recorded that it was not', async () => {
    await app.client().servers.update.mutate({ id: 'files', patch: { recording: 'none' } });
    await call(tom, 'fail');
    await open(page, '/ui/calls?outcome=tool_error');
    await rows().filter({ hasText: 'Error text not recorded.' }).waitFor();
  });

  it('shows to who may see only its own calls no others, and nobody to choose from', async () => {
    const { page: hers } = member;
    await open(hers, '/ui/calls');
    await hers.getByText('No calls yet').waitFor();
    expect(await hers.getByRole('button', { name: /^Person/ }).count()).toBe(0);
    await hers.getByRole('button', { name: 'API key: Any key' }).click();
    expect(await hers.getByRole('listbox', { name: 'API key' }).getByRole('option').allInnerTexts()).toEqual([
      'Any key',
    ]);
    await open(hers, '/ui/calls?user=tom');
    await hers.getByText('No calls match these filters').waitFor();
  });

  it.each([390, 768, 1280])('keeps its filters inside their card at %d px', async (width) => {
    await page.setViewportSize({ width, height: 860 });
    await open(page, '/ui/calls?span=own&user=tom');
    await rows().first().waitFor();
    const outside = await page.getByLabel('From', { exact: true }).evaluate((element) => {
      const bar = element.closest('div.flex-wrap');
      const { right } = bar?.getBoundingClientRect() ?? { right: 0 };
      return [...(bar?.querySelectorAll('input, select, button') ?? [])]
        .filter((each) => each.getBoundingClientRect().right > right)
        .map((each) => each.getAttribute('aria-label'));
    });
    expect(outside).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  it('counts on the first page what there was, each figure over its window', async () => {
    await page.setViewportSize({ width: 1280, height: 860 });
    await open(page, '/ui/');
    function tile(name: string) {
      return page.locator('dl > div').filter({ hasText: name });
    }
    await expect.poll(() => tile('Calls, last 5 minutes').innerText()).toMatch(/\b6\b[^]*1\.2 \/ min/);
    await expect.poll(() => tile('Failed, last hour').innerText()).toMatch(/0 of 6 calls failed · 2 tool errors/);
    await expect.poll(() => tile('Servers ready').innerText()).toMatch(/1 running/);
    expect(await violations(page)).toEqual([]);
  });
});
