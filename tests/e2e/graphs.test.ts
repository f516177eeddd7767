import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

function box(page: Page, name: string): Locator {
  return page.locator('.react-flow__node').filter({ hasText: name });
}
function line(page: Page, from: string, to: string): Locator {
  return page.getByRole('group', { name: `Connection from ${from} to ${to}`, exact: true });
}
function handle(node: Locator, side: 'left' | 'right'): Locator {
  return node.locator(`.react-flow__handle-${side}`);
}
async function centre(place: Locator): Promise<{ x: number; y: number }> {
  const bounds = await place.boundingBox();
  if (!bounds) throw new Error('It is nowhere to be seen.');
  return { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 };
}
/** Draws from one place to another, as a hand does. */
async function drag(page: Page, from: Locator, to: Locator | { x: number; y: number }): Promise<void> {
  const begin = await centre(from);
  const end = 'x' in to ? { x: begin.x + to.x, y: begin.y + to.y } : await centre(to);
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  await page.mouse.move((begin.x + end.x) / 2, (begin.y + end.y) / 2, { steps: 4 });
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}
/** There is nothing to save, and nothing is being saved. */
async function settled(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Save', exact: true, disabled: true });
  await button.and(page.locator(':not([aria-busy])')).waitFor();
}
async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await settled(page);
}

describe.skipIf(chromium === null)('graphs of agents (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  /** The page of the graph that the journey draws, and of its run. */
  let place = '';
  let run = '';

  async function stored(name: string) {
    const { config } = await app.client().graphs.get.query({ id: name });
    return config;
  }

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    await app.client().servers.addDemo.mutate();
    admin = await browser.visit(app.url, { viewport: { width: 1440, height: 900 } });
    await signIn(admin.page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('makes a graph that can be run at once', async () => {
    const { page } = admin;
    await page.goto('/ui/graphs');
    await page.getByText('No graphs yet').waitFor();
    await page.getByRole('button', { name: 'New graph' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Name/).fill('a/b');
    await dialog.getByRole('button', { name: 'Create graph' }).click();
    await dialog.getByText(/one line without/).waitFor();
    await dialog.getByLabel(/^Name/).fill('Reports');
    await dialog.getByRole('button', { name: 'Create graph' }).click();
    await page.getByRole('heading', { level: 1, name: /^Reports/ }).waitFor();
    place = new URL(page.url()).pathname;
    await line(page, 'Start', 'assistant').waitFor({ state: 'attached' });
    await line(page, 'assistant', 'End').waitFor({ state: 'attached' });
    expect((await stored('Reports')).nodes).toMatchObject([{ name: 'assistant', model_name: 'demo' }]);
  });

  it('adds a node, connects it by drawing, moves it, and takes a step back', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Add node' }).click();
    const form = page.getByRole('region', { name: 'node', exact: true });
    await form.getByLabel(/^Name/).fill('assistant');
    await form.getByText('Another node has this name.').waitFor();
    await form.getByLabel(/^Name/).fill('writer');
    await form.getByLabel(/^Name/).press('Enter');
    const panel = page.getByRole('region', { name: 'writer', exact: true });
    await panel.getByLabel('User prompt').first().fill('Write: ');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await box(page, 'End').waitFor();
    await drag(page, handle(box(page, 'assistant'), 'right'), handle(box(page, 'writer'), 'left'));
    await line(page, 'assistant', 'writer').waitFor({ state: 'attached' });
    await drag(page, handle(box(page, 'writer'), 'right'), handle(box(page, 'End'), 'left'));
    await line(page, 'writer', 'End').waitFor({ state: 'attached' });
    await box(page, 'writer').click();
    await panel.getByLabel('User prompt').first().press('End');
    await panel
      .getByRole('group', { name: 'Placeholders for “User prompt”' })
      .getByRole('button', { name: 'Insert the output of assistant' })
      .click();
    expect(await panel.getByLabel('User prompt').first().inputValue()).toBe('Write: {assistant}');

    await drag(page, box(page, 'writer'), { x: 40, y: 120 });
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByRole('button', { name: 'Redo', exact: true }).click();
    await save(page);
    const [first, second] = (await stored('Reports')).nodes;
    expect(first).toMatchObject({ output_nodes: ['end', 'writer'], level: 0 });
    expect(second).toMatchObject({
      name: 'writer',
      input_nodes: ['assistant'],
      output_nodes: ['end'],
      user_prompt: 'Write: {assistant}',
      level: 1,
    });
    expect(second?.position?.y).toBeGreaterThan(50);
    expect(admin.complaints).toEqual([]);
  });

  it('is drawn with the keyboard too', async () => {
    const { page } = admin;
    await box(page, 'writer').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'writer', exact: true }).waitFor();
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await box(page, 'writer 2').waitFor();
    await page.keyboard.press('Delete');
    await box(page, 'writer 2').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await box(page, 'writer 2').waitFor();
    await page.keyboard.press('Control+z');
    await box(page, 'writer 2').waitFor({ state: 'detached' });
    await box(page, 'writer').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+s');
    await settled(page);
    await page.getByRole('button', { name: 'Arrange automatically' }).click();
    await expect
      .poll(async () => (await page.getByRole('button', { name: 'Save', exact: true }).isEnabled()) && 'arranged')
      .toBe('arranged');
    await page.keyboard.press('Control+z');
  });

  it('says what is wrong at the node, and saves nothing of it', async () => {
    const { page } = admin;
    await box(page, 'assistant').click();
    const panel = page.getByRole('region', { name: 'assistant', exact: true });
    await panel.getByLabel('What does the work').selectOption('graph');
    await page.getByRole('group', { name: 'assistant: 1 problem' }).waitFor();
    await panel.getByText(/needs a graph/).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/The graph cannot be saved/)
      .waitFor();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('No problems').waitFor();
    expect((await stored('Reports')).nodes[0]?.is_subgraph).toBe(false);
  });

  it('runs on its canvas, and is found again after a reload', async () => {
    const { page } = admin;
    await walk(page, place);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Input/).fill('Quarterly figures');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Run of Reports' }).waitFor();
    run = new URL(page.url()).pathname;
    await page.getByRole('group', { name: 'writer: Done' }).waitFor();
    await page
      .getByRole('region', { name: 'Overview' })
      .getByText(/I have no tools here/)
      .waitFor();
    await page.reload();
    await page.getByRole('group', { name: 'assistant: Done' }).click();
    const said = page.getByRole('region', { name: 'assistant', exact: true });
    await said.getByText(/You wrote 17 characters/).waitFor();
    await said.getByText('Prompt', { exact: true }).click();
    await said.getByText('Quarterly figures').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('keeps the history of a graph, with filters, and runs it again', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Run again' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel(/^Input/).inputValue()).toBe('Quarterly figures');
    await dialog.getByLabel(/^Input/).fill('Yearly figures');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== run && url.pathname.includes('/runs/'));
    await walk(page, `${place}/runs`);
    const table = page.getByRole('table', { name: 'Runs' });
    await table.getByRole('link', { name: 'Yearly figures' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search inputs' }).fill('quarter');
    await table.getByRole('link', { name: 'Yearly figures' }).waitFor({ state: 'detached' });
    await table.getByRole('link', { name: 'Quarterly figures' }).waitFor();
    await page.getByRole('combobox', { name: 'State' }).selectOption('failed');
    await page.getByText('No runs match these filters').waitFor();
    await walk(page, '/ui/graphs');
    await page
      .getByRole('row', { name: /Reports/ })
      .getByRole('link', { name: /^Done/ })
      .waitFor();
    await walk(page, `${place}/readme`);
    await page.getByRole('heading', { name: 'Reports', level: 1 }).last().waitFor();
  });

  it('stops a run, and goes on with it', async () => {
    const { page } = admin;
    const node = { model_name: 'demo', mcp_servers: ['demo'], user_prompt: 'call count_down {start}' };
    await app.client().graphs.save.mutate({ config: { name: 'Slow', nodes: [{ name: 'counter', ...node }] } });
    const { runId } = await app
      .client()
      .graphs.runs.start.mutate({ id: 'Slow', input: '{"steps": 60, "pauseMs": 5000}' });
    const { graphId } = await app.client().graphs.runs.get.query({ runId });
    await walk(page, `/ui/graphs/${graphId}/runs/${runId}`);
    await page.getByRole('group', { name: 'counter: Running' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('group', { name: 'counter: Not finished' }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    // Nobody knows whether the call was made: it counts as failed, and the model says so.
    await page.getByRole('group', { name: 'counter: Done' }).waitFor();
    await page
      .getByRole('region', { name: 'counter', exact: true })
      .getByText(/nobody knows/)
      .filter({ visible: true })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Resume' }).waitFor({ state: 'hidden' });
  });

  it('asks a person, and goes on with the answer', async () => {
    const { page } = admin;
    const person = { kind: 'human' as const, ask: 'edit' as const, user_prompt: 'Draft of {start}', handoffs: 1 };
    const nodes = [
      { name: 'editor', ...person, input_nodes: ['start'], output_nodes: ['writer', 'critic'] },
      {
        name: 'writer',
        model_name: 'demo',
        input_nodes: ['editor'],
        output_nodes: ['end'],
        user_prompt: 'W: {editor}',
      },
      {
        name: 'critic',
        model_name: 'demo',
        input_nodes: ['editor'],
        output_nodes: ['end'],
        user_prompt: 'C: {editor}',
      },
    ];
    const graph = await app.client().graphs.save.mutate({ config: { name: 'Asking', nodes } });
    await walk(page, `/ui/graphs/${graph.id}`);
    await box(page, 'editor').click();
    const form = page.getByRole('region', { name: 'editor', exact: true });
    await form.getByLabel('What the person does').selectOption('approve');
    await form.getByLabel('What the person does').selectOption('edit');
    const { runId } = await app.client().graphs.runs.start.mutate({ id: 'Asking', input: 'news' });
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await walk(page, `/ui/graphs/${graph.id}/runs/${runId}`);
    await page.getByRole('button', { name: 'Answer “editor”' }).click();
    const panel = page.getByRole('region', { name: 'editor', exact: true });
    expect(await panel.getByLabel('Text').inputValue()).toBe('Draft of news');
    expect(await violations(page)).toEqual([]);
    await panel.getByLabel('Text').fill('Better news');
    await panel.getByLabel('Continue with').selectOption('critic');
    await panel.getByRole('button', { name: 'Send answer' }).click();
    await page.getByRole('group', { name: 'critic: Done' }).waitFor();
    const done = await app.client().graphs.runs.get.query({ runId });
    expect(done.nodes.map(({ node, output }) => [node, output])).toEqual([
      ['editor', 'Better news'],
      ['critic', expect.any(String)],
    ]);
  });

  it('goes back to what it was', async () => {
    const { page } = admin;
    const before = (await stored('Reports')).nodes.length;
    await app.client().graphs.save.mutate({ config: { name: 'Reports', nodes: [{ name: 'a', model_name: 'demo' }] } });
    await walk(page, `${place}/history`);
    const list = page.getByRole('list', { name: 'Versions' });
    await list.getByRole('button', { name: /Now/ }).waitFor();
    await page
      .getByRole('region', { name: /Agent graph/ })
      .getByText(/name: writer/)
      .first()
      .waitFor();
    await list.getByRole('button').nth(1).click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByText(/^Rolled back to version/).waitFor();
    expect((await stored('Reports')).nodes).toHaveLength(before);
    expect(await violations(page)).toEqual([]);
  });

  it('is shared, renamed, copied and deleted', async () => {
    const { page } = admin;
    async function choose(name: string, action: string) {
      await page.getByRole('button', { name: `Actions for ${name}` }).click();
      await page.getByRole('menuitem', { name: action }).click();
    }
    await walk(page, '/ui/graphs');
    await choose('Reports', 'Share');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Who can use it').selectOption('everyone');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('row', { name: /Reports/ })
      .getByText('Everyone')
      .waitFor();
    await choose('Reports', 'Rename');
    await dialog.getByLabel(/^Name/).fill('Figures');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('link', { name: 'Figures', exact: true }).waitFor();
    await choose('Figures', 'Make it an MCP server');
    await page.waitForURL(/\/servers\/Figures/);
    await page.getByRole('heading', { level: 1, name: /Figures/ }).waitFor();
    await expect
      .poll(async () => (await app.client().servers.get.query({ id: 'Figures' })).status.toolCount, { timeout: 30_000 })
      .toBe(1);
    await walk(page, '/ui/graphs');
    await choose('Figures', 'Open its MCP server');
    await page.waitForURL(/\/servers\/Figures/);
    await walk(page, '/ui/graphs');
    await choose('Figures', 'Make a copy');
    await dialog.getByRole('button', { name: 'Make a copy' }).click();
    await page.getByRole('heading', { level: 1, name: /^Figures copy/ }).waitFor();
    expect((await stored('Figures copy')).nodes).toHaveLength(2);
    await choose('Figures copy', 'Delete graph');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('heading', { level: 1, name: 'Agent graphs' }).waitFor();
    await page.getByRole('link', { name: 'Figures copy' }).waitFor({ state: 'detached' });
  });

  it('is a list of nodes on a phone, with the same form', async () => {
    await using visitor = await browser.visit(app.url, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    const { page } = visitor;
    await signIn(page);
    await page.goto(place);
    const list = page.getByRole('list', { name: 'Nodes of Figures' });
    await list.getByRole('button', { name: /writer/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Description').fill('Writes it down');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).click();
    expect(await violations(page)).toEqual([]);
    await save(page);
    expect((await stored('Figures')).nodes[1]?.description).toBe('Writes it down');
    await walk(page, run);
    await page.getByRole('button', { name: /assistant/ }).click();
    await dialog.getByText(/You wrote 17 characters/).waitFor();
    expect(await violations(page)).toEqual([]);
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isWide).toBe(false);
    expect(visitor.complaints).toEqual([]);
  });
});
