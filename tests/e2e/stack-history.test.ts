import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, engineFound, noEngine, type EngineApp } from '../support/engine.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

const title = suiteTitle('the history of a stack (needs chromium)', engineFound);

describe.skipIf(chromium === null || noEngine)(title, () => {
  let app: EngineApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;
  let id = '';

  function textOf(seconds: number) {
    return `services:\n  web:\n    image: ${app.image}\n    command: sleep ${seconds}\n`;
  }

  beforeAll(async () => {
    app = await createEngineApp();
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    ({ page } = visitor);
    const { stacks } = app.client();
    const path = `${app.docker.prefix}-shop`;
    ({ id } = await stacks.create.mutate({ path, content: textOf(1), env: 'TOKEN=first\nPORT=1\n' }));
    await stacks.update.mutate({ id, content: textOf(2), env: 'TOKEN=second\nPORT=1\n' });
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  function versions() {
    return page.getByRole('list', { name: 'Versions' }).getByRole('button');
  }

  it('shows what a version changed, without values', async () => {
    await page.goto(`/ui/stacks/${id}`);
    await page.getByRole('link', { name: 'History' }).click();
    const file = page.getByRole('region', { name: 'Compose file', exact: true });
    await file.getByRole('insertion').getByText('command: sleep 2').waitFor();
    await file.getByRole('deletion').getByText('command: sleep 1').waitFor();
    await page.getByText('Changed values').waitFor();
    await page.getByText('TOKEN', { exact: true }).waitFor();
    expect(await page.getByRole('main').textContent()).not.toMatch(/first|second/);
    expect(await versions().count()).toBe(2);
    expect(await page.getByRole('button', { name: 'Roll back' }).count()).toBe(0);
  });

  it('hears of changes by others, and rolls back after a question', async () => {
    await app.client().stacks.update.mutate({ id, content: textOf(3) });
    await page.getByRole('button', { name: /^Version 3/ }).waitFor();
    await page.getByRole('button', { name: /^Version 1/ }).click();
    await page.getByText('There is nothing before it').waitFor();
    await page.getByRole('radio', { name: 'What rolling back changes' }).click();
    await page.getByRole('insertion').getByText('command: sleep 1').waitFor();
    await page.getByRole('button', { name: 'Roll back' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('until the next deployment').waitFor();
    await question.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('button', { name: /^Version 4.*Now.*rolled back to 1/ }).waitFor();
    expect(await app.client().stacks.get.query({ id })).toMatchObject({ content: textOf(1) });
    expect(await app.client().stacks.revealEnv.mutate({ id })).toEqual({ env: 'TOKEN=second\nPORT=1\n' });
  });

  it('says why a version cannot be restored', async () => {
    await app.client().stacks.update.mutate({ id, env: 'PORT=1\n' });
    await page.getByRole('button', { name: /^Version 5/ }).waitFor();
    await page.getByRole('button', { name: /^Version 2/ }).click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('alert').getByText('no value for TOKEN').waitFor();
  });

  it.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('has no fault of accessibility: %s, %i px', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`/ui/stacks/${id}/history?version=2&against=now`);
    await page.getByRole('insertion').first().waitFor();
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('left nothing in the browser’s console', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
