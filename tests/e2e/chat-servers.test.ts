import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { scriptedProgram } from '../support/mcp/scripted-program.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';
import { box, log, say, settled, told } from './chat-page.ts';

/** What servers show and ask in a chat, and what a person gives along; the demo model calls what it is told to. */

const fixtures = path.join(import.meta.dirname, 'fixtures/apps');

async function buildCounter(directory: string): Promise<void> {
  const entryPoints = [path.join(fixtures, 'counter-app.mjs')];
  const { outputFiles } = await build({ entryPoints, bundle: true, minify: true, format: 'esm', write: false });
  const script = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
  const page = await readFile(path.join(fixtures, 'counter.html'), 'utf8');
  await writeFile(
    path.join(directory, 'counter.html'),
    page.replace('/* bundle */', () => script),
  );
  await writeFile(path.join(directory, 'hostile.html'), await readFile(path.join(fixtures, 'hostile.html')));
}

describe.skipIf(chromium === null)('servers in a chat (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'chat-apps-'));
    // Programs of the hub have accounts of their own.
    await chmod(directory, 0o755);
    await buildCounter(directory);
    app = await createTestApp();
    browser = await openBrowser();
    const { servers, conversations } = app.client();
    const node = { kind: 'stdio', command: process.execPath } as const;
    await servers.create.mutate({ name: 'apps', ...node, args: [path.join(fixtures, 'server.mjs'), directory] });
    await servers.create.mutate({ name: 'alpha', ...node, args: [scriptedProgram] });
    for (const id of ['apps', 'alpha']) await servers.start.mutate({ id, wait: true });
    for (const tool of ['sample', 'elicit_url']) {
      await conversations.setRule.mutate({ server: 'alpha', tool, verdict: 'allow' });
    }
    await conversations.setRule.mutate({ server: 'apps', tool: 'show_counter', verdict: 'allow' });
    visitor = await browser.visit(app.url);
    page = visitor.page;
    await signIn(page);
    await open(page, '/ui/');
    const chosen = { servers: ['apps', 'alpha'], groups: [], tools: null };
    const settings = JSON.stringify({ model: 'demo', fallback: null, chosen });
    await page.evaluate((text) => localStorage.setItem('switchboard.chat.settings', text), settings);
    await walk(page, '/ui/chat');
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  function card(tool: string) {
    return page.getByRole('group', { name: `Tool call: ${tool}` });
  }

  it('show the interface of a tool, also after a reload', async () => {
    await say(page, 'call show_counter {"from": 4}');
    const result = page.frameLocator('iframe').locator('#result');
    // As it comes, or as it is stored, in another order.
    await result.getByText(/"count":4/).waitFor();
    await result.getByText(/"able":true/).waitFor();
    await settled(page);
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await result.getByText('"count":4').waitFor();
    expect(await page.locator('iframe').getAttribute('title')).toBe('Interface of show_counter');
  });

  it('have the model of the chat answer, where the person lets it', async () => {
    await say(page, 'call sample {"prompt": "Say hello"}');
    const question = page.getByRole('group', { name: 'The server asks for a model’s answer' });
    await question.getByText('Say hello').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await question.getByRole('button', { name: 'Let the model answer' }).click();
    await question.waitFor({ state: 'hidden' });
    await card('sample').getByText('Done').waitFor();
    await card('sample').locator('summary').click();
    await card('sample')
      .getByText(/I am the demo model/)
      .waitFor();
    await settled(page);
  });

  it('ask to open a page, by its address', async () => {
    await say(page, 'call elicit_url');
    const question = page.getByRole('group', { name: 'The server asks you to open a page' });
    const link = question.getByRole('link', { name: 'Open the page' });
    await link.waitFor();
    expect(await link.getAttribute('rel')).toContain('noopener');
    await question.getByText(await link.getAttribute('href').then(String)).waitFor();
    await question.getByRole('button', { name: 'Decline' }).click();
    await question.waitFor({ state: 'hidden' });
    await card('elicit_url')
      .getByText(/Done|Failed/)
      .waitFor();
    await settled(page);
  });

  it('are told what is pasted and what is dropped', async () => {
    function give(kind: 'paste' | 'drop', name: string) {
      return box(page).evaluate(
        (element, { type, fileName }) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([`Text of ${fileName}.`], fileName, { type: 'text/plain' }));
          const init = { bubbles: true, cancelable: true };
          const event =
            type === 'paste'
              ? new ClipboardEvent('paste', { ...init, clipboardData: transfer })
              : new DragEvent('drop', { ...init, dataTransfer: transfer });
          element.dispatchEvent(event);
        },
        { type: kind, fileName: name },
      );
    }
    await give('paste', 'pasted.txt');
    await page.getByRole('button', { name: 'Remove pasted.txt' }).waitFor();
    await give('drop', 'dropped.txt');
    await page.getByRole('button', { name: 'Remove dropped.txt' }).waitFor();
    await say(page, 'Here they are');
    await told(page, 'Here they are').waitFor();
    await settled(page);
    for (const name of ['pasted.txt', 'dropped.txt']) await log(page).getByText(name).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    async function sent() {
      const { shown } = await app.client().conversations.get.query({ id });
      return shown.at(-1)?.attachments.map((file) => (file.type === 'text' ? file.text : ''));
    }
    // The page shows what one says before the hub has it.
    await expect.poll(sent).toEqual(['Text of pasted.txt.', 'Text of dropped.txt.']);
  });

  it('write nothing into the console', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
