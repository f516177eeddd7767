import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

/** An `npx` that tells of a file it got, and waits for more. */
const slowNpx = `#!/bin/sh
echo 'npm http fetch GET 200 https://registry.example/x/-/x-1.0.0.tgz 83ms (cache miss)' >&2
exec sleep 600
`;

describe.skipIf(chromium === null)('the way to the network in the page (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let visitor: Visitor;
  let page: Page;
  const folder = mkdtempSync(path.join(tmpdir(), 'switchboard-npx-'));

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    writeFileSync(path.join(folder, 'npx'), slowNpx, { mode: 0o755 });
    app = await createTestApp({
      HTTPS_PROXY: 'http://me:password-of-the-proxy@proxy.example:3128',
      NO_PROXY: 'intranet.example',
      npm_config_registry: 'https://npm.example/',
    });
    browser = await openBrowser();
    visitor = await browser.visit(app.url);
    page = visitor.page;
    await signIn(page);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('settings tell the proxy and what programs are given, without its password', async () => {
    await page.goto('/ui/settings');
    await page.getByText(/^http:..proxy\.example:3128/).waitFor();
    await page.getByText('Not for intranet.example').waitFor();
    await page.getByText('npm_config_registry').waitFor();
    await page.getByText('http://***@proxy.example:3128').first().waitFor();
    expect(await page.content()).not.toContain('password-of-the-proxy');
  });

  it('a remote server keeps its proxy when something else is saved', async () => {
    const { servers } = app.client();
    const env = { HTTPS_PROXY: 'http://me:own-password@127.0.0.1:9' };
    await servers.create.mutate({
      id: 'far',
      kind: 'streamable-http',
      url: 'https://mcp.invalid/mcp',
      env,
      desired: 'stopped',
    });
    await page.goto('/ui/servers/far/settings');
    const variables = page.getByRole('group', { name: 'Variables' });
    const value = variables.getByRole('textbox', { name: 'Value of HTTPS_PROXY' });
    expect(await value.inputValue()).toBe('***');
    await page.getByRole('textbox', { name: 'Description' }).fill('behind a proxy');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect.poll(async () => (await servers.get.query({ id: 'far' })).description).toBe('behind a proxy');
    await variables.getByRole('button', { name: 'Reveal' }).click();
    await expect.poll(() => value.inputValue()).toBe(env.HTTPS_PROXY);
  });

  it('a start that downloads says so', async () => {
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    await app.client().servers.create.mutate({ id: 'fetching', kind: 'stdio', command: 'npx', args: ['x'], env });
    await page.goto('/ui/servers/fetching');
    await page.getByText('Downloading the package').first().waitFor({ timeout: 90_000 });
    await app.client().servers.remove.mutate({ id: 'fetching' });
  });
});
