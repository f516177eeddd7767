import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { findTestEngine, makeServerImage, type ServerImage } from '../support/server-image.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';
import { officialServer } from './upstreams.ts';

const found = await findTestEngine();
const missing = chromium === null ? 'needs chromium' : 'missing' in found ? found.missing : null;

describe.skipIf(missing !== null)(`servers in containers in the page${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let app: TestApp;
  let made: ServerImage;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    const host = 'host' in found ? found.host : '';
    made = await makeServerImage(host);
    app = await createTestApp({ ...(host !== '' && { DOCKER_HOST: host }), CONTAINER_BASE_IMAGE: made.image });
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    page = visitor.page;
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await made?.[Symbol.asyncDispose]();
  });

  it('are added with a form that says what is closed and what is open', async () => {
    await page.goto('/ui/servers/new');
    await page.getByRole('radio', { name: 'Container' }).click();
    await page.getByText(/closed in: no network/).waitFor();
    await page.getByRole('button', { name: 'Add server' }).click();
    await page
      .getByText(/must be the name of an image/)
      .first()
      .waitFor();
    const { command, args } = made.inside('everything', 'stdio');
    await page.getByRole('textbox', { name: 'Image' }).fill(made.image);
    await page.getByRole('textbox', { name: 'Command' }).fill(command);
    await page.getByRole('textbox', { name: 'Arguments' }).fill(args.join(' '));
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Boxed');
    const secrets = page.getByRole('group', { name: 'Secrets as files' });
    await secrets.getByRole('button', { name: 'Add' }).click();
    await secrets.getByRole('textbox', { name: 'Name 1' }).fill('API_TOKEN');
    await secrets.getByRole('textbox', { name: 'Value of API_TOKEN' }).fill('s3cret');
    await page.getByText('Confinement and placement').click();
    await page.getByRole('combobox', { name: 'Network' }).selectOption('Allowed hosts only');
    await page.getByRole('textbox', { name: 'Allowed hosts' }).fill('api.example.com');
    await page.getByRole('spinbutton', { name: 'Memory in MB' }).fill('256');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('alert').getByText('get-sum').waitFor({ timeout: 90_000 });
    await page.getByRole('button', { name: 'Add server' }).click();
    await page.getByRole('heading', { level: 1, name: /Boxed/ }).waitFor();
    await page.getByText('Allowed hosts only').waitFor();
    const server = await app.client().servers.get.query({ id: 'Boxed' });
    expect(server).toMatchObject({
      kind: 'container',
      secrets: { API_TOKEN: '***' },
      container: { network: { kind: 'allow', hosts: ['api.example.com'] }, limits: { memoryBytes: 256 * 2 ** 20 } },
    });
  });

  it('keep what they are when something else changes', async () => {
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await page.getByRole('textbox', { name: 'Description' }).fill('In a box');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const server = await app.client().servers.get.query({ id: 'Boxed' });
    expect(server).toMatchObject({ description: 'In a box', secrets: { API_TOKEN: '***' }, status: { failures: 0 } });
  });

  it('were processes before, with one click, and can be again', async () => {
    const { command, args } = officialServer('memory');
    await app.client().servers.create.mutate({ id: 'wrong', kind: 'stdio', command, args });
    await page.goto('/ui/servers/wrong/settings');
    await page.getByRole('button', { name: 'Move into a container' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('textbox', { name: 'Image' }).inputValue()).toBe(made.image);
    await dialog.getByRole('button', { name: 'Move it' }).click();
    await dialog.getByText(/so it stays a process/).waitFor({ timeout: 90_000 });
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    const script =
      'require("node:fs"); process.stdin.on("data", (data) => String(data).split("\\n").filter(Boolean).forEach((line) => { const { id, method, params } = JSON.parse(line); if (id === undefined) return; const result = method === "initialize" ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "tiny", version: "1" } } : { tools: [] }; console.log(JSON.stringify({ jsonrpc: "2.0", id, result })); })).on("end", () => process.exit(0))';
    await app.client().servers.create.mutate({ id: 'mover', kind: 'stdio', command: 'node', args: ['-e', script] });
    await page.goto('/ui/servers/mover/settings');
    await page.getByRole('button', { name: 'Move into a container' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Move it' }).click();
    await page.getByRole('button', { name: 'Make it a process again' }).waitFor({ timeout: 90_000 });
    expect(await app.client().servers.get.query({ id: 'mover' })).toMatchObject({ kind: 'container' });
    await page.getByRole('button', { name: 'Make it a process again' }).click();
    await page.getByRole('button', { name: 'Move into a container' }).waitFor();
    expect(await app.client().servers.get.query({ id: 'mover' })).toMatchObject({ kind: 'stdio' });
  });

  it('come from docker entries of a pasted config where one wants', async () => {
    const { command, args } = made.inside('everything', 'stdio');
    const entry = { command: 'docker', args: ['run', '-i', '--rm', made.image, command, ...args] };
    await page.goto('/ui/servers/new?from=config');
    await page.getByRole('textbox', { name: 'Config' }).fill(JSON.stringify({ mcpServers: { pasted: entry } }));
    await page.getByText(/the hub can run this container itself/).waitFor();
    await page.getByRole('checkbox', { name: 'Run docker entries as containers of the hub' }).check();
    await page.getByText('container', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Add 1 server' }).click();
    await page.getByRole('heading', { level: 1, name: /pasted/ }).waitFor();
    expect(await app.client().servers.get.query({ id: 'pasted' })).toMatchObject({ kind: 'container' });
    expect(visitor.complaints).toEqual([]);
  });
});
