import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

/** User interfaces of servers (MCP Apps) in the playground: one of the official library, and one that wants more. */

const fixtures = path.join(import.meta.dirname, 'fixtures/apps');

/** The pages that the server gives, with the official library in them. */
async function buildPages(directory: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [path.join(fixtures, 'counter-app.mjs')],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const script = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
  const page = await readFile(path.join(fixtures, 'counter.html'), 'utf8');
  await writeFile(
    path.join(directory, 'counter.html'),
    page.replace('/* bundle */', () => script),
  );
  await writeFile(path.join(directory, 'hostile.html'), await readFile(path.join(fixtures, 'hostile.html')));
}

async function run(page: Page, tool: string): Promise<void> {
  await page.goto(`/ui/playground?server=apps&name=${tool}`);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('status').getByText('OK', { exact: true }).first().waitFor();
}

/** The document in the frame on a page. */
async function frameOf(page: Page): Promise<Frame> {
  const element = await page.locator('iframe').elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('There is no frame.');
  return frame;
}

describe.skipIf(chromium === null)('user interfaces of servers (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'apps-'));
    // Programs of the hub have accounts of their own.
    await chmod(directory, 0o755);
    await buildPages(directory);
    app = await createTestApp();
    browser = await openBrowser();
    const { servers } = app.client();
    const args = [path.join(fixtures, 'server.mjs'), directory];
    await servers.create.mutate({ name: 'apps', kind: 'stdio', command: process.execPath, args });
    await servers.start.mutate({ id: 'apps', wait: true });
    visitor = await browser.visit(app.url);
    page = visitor.page;
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  describe('of the official library', () => {
    function within(id: string) {
      return page.frameLocator('iframe').locator(`#${id}`);
    }

    it('are told of the call and of where they stand', async () => {
      await run(page, 'show_counter');
      await within('result').getByText('{"count":1,"able":true}').waitFor();
      expect(await within('input').textContent()).toBe('{"from":1}');
      expect(await within('context').textContent()).toBe('{"theme":"light","locale":"en"}');
      const host = JSON.parse((await within('host').textContent()) ?? '') as object;
      expect(Object.keys(host).sort()).toEqual(['logging', 'openLinks', 'sandbox', 'serverResources', 'serverTools']);
      expect(await page.locator('iframe').getAttribute('title')).toBe('Interface of show_counter');
    });

    it('look like the page, and follow its theme', async () => {
      await page.evaluate(() => void (document.documentElement.dataset['theme'] = 'dark'));
      await within('context').getByText('{"theme":"dark","locale":"en"}').waitFor();
      const colours = await page
        .frameLocator('iframe')
        .locator('body')
        .evaluate((body) => {
          const { backgroundColor, color } = getComputedStyle(body);
          return { backgroundColor, color };
        });
      expect(colours).toEqual({ backgroundColor: 'rgb(28, 26, 24)', color: 'rgb(242, 238, 232)' });
      await page.evaluate(() => void (document.documentElement.dataset['theme'] = 'light'));
    });

    it('call tools that are for them, with a record of the person', async () => {
      await within('count').click();
      await within('answer').getByText('"count":3').waitFor();
      await expect
        .poll(async () => (await app.client().calls.list.query({ limit: 10 })).items.map(({ name }) => name))
        .toContain('count');
    });

    it('ask before they change something', async () => {
      const question = page.getByRole('group', { name: 'The interface wants to call a tool' });
      await within('reset').click();
      await question.getByText('reset').waitFor();
      expect(await violations(page)).toEqual([]);
      await question.getByRole('button', { name: 'Refuse' }).click();
      await within('answer').getByText('The person refused this call.').waitFor();
      await within('reset').click();
      await question.getByRole('button', { name: 'Allow this tool here' }).click();
      await within('answer').getByText('"count":0').waitFor();
      await within('count').click();
      await within('answer').getByText('"count":2').waitFor();
      await within('reset').click();
      await within('answer').getByText('"count":0').waitFor();
    });

    it('call no tool that is for models alone', async () => {
      await within('private').click();
      await within('answer').getByText('There is no tool "for_models" that user interfaces may call.').waitFor();
    });

    it('read resources of their server', async () => {
      await within('read').click();
      await within('answer').getByText('The note.').waitFor();
    });

    it('open a page only where the person wants it', async () => {
      const question = page.getByRole('group', { name: 'The interface wants to open a page' });
      await within('link').click();
      await question.getByText('https://example.com/page').waitFor();
      await question.getByRole('button', { name: 'Refuse' }).click();
      await within('answer').getByText('The person refused this.').waitFor();
    });

    it('are as high as they say, and heard from no other window', async () => {
      function height() {
        return page.locator('iframe').evaluate((frame) => frame.clientHeight);
      }
      const before = await height();
      await within('grow').click();
      await expect.poll(height).toBeGreaterThan(before + 300);
      const grown = await height();
      await page.evaluate(() => {
        window.postMessage({ jsonrpc: '2.0', method: 'ui/notifications/size-changed', params: { height: 60 } }, '*');
      });
      await within('count').click();
      await within('answer').getByText('"count":2').waitFor();
      expect(await height()).toBe(grown);
    });

    it('are found by the name of old, too', async () => {
      await run(page, 'show_counter_of_old');
      await within('result').getByText('"count":').waitFor();
    });

    it('left nothing in the browser’s console', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });

  describe('that want more', () => {
    /** Addresses that were asked for; Chromium tells of those, too, that it refuses to ask for. */
    const asked: string[] = [];
    let frame: Frame;

    async function report(): Promise<Record<string, string>> {
      return Object.fromEntries(
        await frame.locator('#report li').evaluateAll((lines) => lines.map(({ id, textContent }) => [id, textContent])),
      ) as Record<string, string>;
    }

    it('reach nothing: not the page, its storage, the hub or the network', async () => {
      page.on('requestfinished', (request) => asked.push(request.url()));
      page.on('requestfailed', (request) => {
        if (request.failure()?.errorText !== 'csp') asked.push(request.url());
      });
      await run(page, 'show_hostile');
      frame = await frameOf(page);
      await frame.locator('#done').waitFor();
      const told = await report();
      expect(told).toEqual({
        origin: 'got null',
        parent: 'refused SecurityError',
        address: 'refused SecurityError',
        cookie: 'refused SecurityError',
        storage: 'refused SecurityError',
        database: 'refused SecurityError',
        fetch: 'refused TypeError',
        outside: 'refused TypeError',
        image: 'refused NetworkError',
        socket: 'refused NetworkError',
        open: 'nothing',
        dialog: 'nothing',
        eval: 'refused EvalError',
        worker: expect.stringMatching(/^refused /),
        top: expect.stringMatching(/^refused |^nothing$/),
        form: 'nothing',
        done: 'done',
      });
      const foreign = asked.filter((url) => /elsewhere|from=image|logout/.test(url));
      expect(foreign).toEqual([]);
      expect(page.url()).toContain('/ui/playground');
      expect((await page.request.get('/trpc/account.get')).status()).toBe(200);
    });

    it('reach a host only when the person lets them, and nothing that is no host', async () => {
      const card = page.locator('main').filter({ hasText: 'The interface wants to reach other hosts' });
      await card.getByText('https://elsewhere.invalid').waitFor();
      expect(await card.getByText('script-src').count()).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Let it reach them' }).click();
      await expect.poll(() => asked.some((url) => url.startsWith('https://elsewhere.invalid/script.js'))).toBe(true);
      frame = await frameOf(page);
      await frame.locator('#done').waitFor();
      const told = await report();
      // Still not the hub, which nobody declared.
      expect(told['fetch']).toBe('refused TypeError');
      expect(told['image']).toBe('refused NetworkError');
      expect(asked.filter((url) => /elsewhere.invalid\/top|logout/.test(url))).toEqual([]);
    });

    it('are told what is wrong with a request, and no more', async () => {
      function ask(method: string, params: unknown): Promise<string> {
        return frame.evaluate(
          ([name, given]) => (globalThis as unknown as { ask(...args: unknown[]): Promise<string> }).ask(name, given),
          [method, params],
        );
      }
      expect(await ask('tools/call', { name: 'count' })).toContain('error -32600');
      expect(await ask('ui/initialize', { protocolVersion: '2026-01-26' })).toContain('switchboard');
      expect(await ask('tools/call', { name: 'for_models' })).toContain('error -32000');
      expect(await ask('tools/call', { name: 7 })).toContain('error -32602');
      expect(await ask('tools/list', {})).toContain('error -32601');
      expect(await ask('sampling/createMessage', {})).toContain('error -32601');
      expect(await ask('ui/message', { role: 'user', content: [] })).toContain('error -32601');
      expect(await ask('ui/open-link', { url: 'javascript:alert(1)' })).toContain('error -32000');
      expect(await ask('resources/read', { uri: 'file:///etc/passwd' })).toContain('error -');
      // Larger or deeper than is read: no answer, and the next one comes all the same.
      await frame.evaluate(() => {
        const deep: unknown[] = [];
        let at = deep;
        for (let n = 0; n < 500; n += 1) at.push((at = []));
        parent.postMessage({ jsonrpc: '2.0', id: 'deep', method: 'ping', params: { deep } }, '*');
        parent.postMessage({ jsonrpc: '2.0', id: 'long', method: 'ping', params: { a: 'x'.repeat(20_000_000) } }, '*');
        parent.postMessage(new Map([['jsonrpc', '2.0']]), '*');
        parent.postMessage('x', '*');
      });
      expect(await ask('ping', {})).toBe('{}');
      expect(await page.getByRole('group', { name: /The interface wants/ }).count()).toBe(0);
    });

    it('are closed when they send without end', async () => {
      await frame.evaluate(() => (globalThis as unknown as { flood(count: number): void }).flood(20_000));
      await page.getByText('The interface sent more than a page can take, so it was closed.').waitFor();
      expect(await page.locator('iframe').count()).toBe(0);
    });

    it('are closed when they go elsewhere', async () => {
      await page.getByRole('button', { name: 'Open it again' }).click();
      await page.locator('iframe').waitFor();
      frame = await frameOf(page);
      await frame.locator('#done').waitFor();
      await frame.evaluate(() => void (location.href = `${new URL(location.href).origin}/health`));
      await page.getByText('The interface went to another page, so it was closed.').waitFor();
    });
  });

  it('show a page that a server gives in the same way', async () => {
    await page.goto('/ui/playground?server=apps&method=resources/read&name=notes://page');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('radio', { name: 'Preview' }).click();
    await page.frameLocator('iframe').getByText('null').waitFor();
  });
});
