import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { hasRegistry, pushImage, startRegistry } from '@switchboard/docker/testing-registry';
import { createEngineApp, engineFound, noEngine, type EngineApp } from '../support/engine.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';
import { lateEngine } from './late-engine.ts';

const password = 'a quiet harbour at dawn';
const title = suiteTitle('containers and stacks (needs chromium)', engineFound);
const noRegistry = !hasRegistry();
if (noRegistry && process.env['SWITCHBOARD_NO_SKIP'] === '1') {
  throw new Error('Nothing may be skipped here, but docker-registry is not installed.');
}

function row(page: Page, name: string) {
  return page.getByRole('row').filter({ hasText: name });
}
function main(page: Page) {
  return page.getByRole('main');
}
function heading(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name });
}

describe.skipIf(chromium === null || noEngine)(title, () => {
  const late = lateEngine();
  let app: EngineApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let page: Page;
  let name: (short: string) => string;

  beforeAll(async () => {
    app = await createEngineApp({ ENGINES: JSON.stringify({ late: late.host }) });
    name = (short) => `${app.docker.prefix}${short}`;
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    ({ page } = admin);
    await signIn(page);
  });
  afterEach(() => {
    expect(admin.complaints.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    late[Symbol.dispose]();
  });

  it('creates a container and shows what it writes', async () => {
    await page.goto('/ui/containers/new');
    await page.getByRole('combobox', { name: 'Image' }).fill(app.image);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name('hello'));
    await page
      .getByRole('textbox', { name: 'Command' })
      .fill(`sh -c 'trap "exit 0" TERM; echo hello from inside; echo a warning >&2; while true; do sleep 0.2; done'`);
    await page.getByRole('button', { name: 'Create and start' }).click();
    await heading(page, name('hello')).waitFor();
    await main(page).getByText('Running', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Logs' }).click();
    const log = page.getByRole('log');
    await log.getByText('hello from inside').waitFor();
    await log.getByText('a warning').waitFor();
    await page.getByRole('radio', { name: 'stderr' }).click();
    await log.getByText('hello from inside').waitFor({ state: 'detached' });
    await log.getByText('a warning').waitFor();
    expect(new URL(page.url()).searchParams.get('stream')).toBe('stderr');
  });

  it('runs commands in a terminal', async () => {
    await page.getByRole('link', { name: 'Terminal' }).click();
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    const terminal = page.getByRole('textbox', { name: `Terminal in ${name('hello')}` });
    await terminal.waitFor();
    await terminal.pressSequentially('echo $((6*7)) is the answer\n');
    await main(page).getByText('42 is the answer').first().waitFor();
    await terminal.press('Control+]');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Close the terminal');
    await terminal.pressSequentially('exit 7\n');
    await main(page).getByText('The program ended with code 7.').waitFor();
  });

  it('shows live charts, and files that go in and out', async () => {
    await page.getByRole('link', { name: 'Charts' }).click();
    await page
      .getByRole('region', { name: 'Memory' })
      .getByText(/^\d[\d.]* (kB|MB)$/)
      .first()
      .waitFor();
    await page.locator('.uplot canvas').first().waitFor();
    await page.getByRole('link', { name: 'Files' }).click();
    await page.getByRole('button', { name: 'tmp', exact: true }).click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('kept in the container') });
    await page.getByRole('row').filter({ hasText: 'note.txt' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download note.txt' }).click();
    const stream = await (await download).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('kept in the container');
  });

  it('says why there is no log where the engine keeps none', async () => {
    const { engine, image: Image, labels: Labels } = app.docker;
    const HostConfig = { LogConfig: { Type: 'none', Config: {} } };
    const { id } = await engine.connection.docker.createContainer({ Image, Labels, HostConfig });
    await page.goto(`/ui/containers/${id}/logs`);
    await page.getByRole('alert').getByText('log driver').waitFor();
    expect(await page.getByText('Nothing logged yet').count()).toBe(0);
    await engine.containers.remove(id);
  });

  it('is found by its name in the command palette', async () => {
    await page.goto('/ui/');
    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill(name('hello'));
    const found = page.getByRole('option', { name: name('hello') });
    await found.getByText('Containers').waitFor();
    const phone = { width: 390, height: 844 };
    const whole = page.viewportSize() ?? phone;
    await page.setViewportSize(phone);
    // A hair's breadth too little cuts a letter, and whole pixels do not tell.
    const isCut = await found.getByText(name('hello'), { exact: true }).evaluate((label) => {
      const shown = label.getBoundingClientRect().width;
      const clone = document.body.appendChild(label.cloneNode(true) as HTMLElement);
      clone.style.cssText = `position: absolute; font: ${getComputedStyle(label).font}`;
      const whole = clone.getBoundingClientRect().width;
      clone.remove();
      return shown < whole;
    });
    expect(isCut).toBe(false);
    await page.setViewportSize(whole);
    await page.keyboard.press('Enter');
    await heading(page, name('hello')).waitFor();
  });

  it('stops and removes it', async () => {
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await main(page).getByText('Exited', { exact: true }).waitFor();
    await page.getByRole('button', { name: `Actions for ${name('hello')}` }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page
      .getByRole('alertdialog')
      .getByText(`Remove ${name('hello')}?`)
      .waitFor();
    await page.getByRole('button', { name: 'Remove container' }).click();
    await heading(page, 'Containers').waitFor();
    await row(page, name('hello')).waitFor({ state: 'detached' });
  });

  it('shows at once what comes by other ways, and removes several after one question', async () => {
    await page.goto('/ui/containers');
    await page.getByText('Live', { exact: true }).waitFor();
    const make = { image: app.image, command: ['sleep', '600'], labels: app.docker.labels };
    for (const each of ['one', 'two'])
      await app.docker.engine.containers.create({ ...make, name: name(each) }, { start: true });
    await row(page, name('two')).getByText('Running').waitFor();
    await page.getByRole('searchbox', { name: 'Search containers' }).fill(app.docker.prefix);
    await page.getByRole('checkbox', { name: `Select ${name('one')}` }).check();
    await page.getByRole('checkbox', { name: `Select ${name('two')}` }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('Remove 2 containers?').waitFor();
    expect(await question.textContent()).toContain(name('one'));
    await question.getByRole('button', { name: 'Remove' }).click();
    // An engine that carries nothing else says so instead.
    await page.getByText(/^No container fits these filters|^No containers yet/).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe(app.docker.prefix);
  });

  it('tells a broken stack at its line, then deploys it with live output and takes it down', async () => {
    await page.goto('/ui/stacks/new');
    await page.getByRole('textbox', { name: 'Folder' }).fill(name('shop'));
    const editor = page.getByRole('textbox', { name: 'Compose file' });
    await editor.fill(`services:\n  web:\n    imag: ${app.image}\n`);
    const problems = page.getByRole('list', { name: 'What is wrong' });
    await problems.getByRole('button', { name: /^Line [23]$/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Create and deploy' }).isDisabled()).toBe(true);
    const command = `sh -c 'while true; do echo open for business; sleep 0.3; done'`;
    await editor.fill(
      `services:\n  web:\n    image: ${app.image}\n    stop_grace_period: 0s\n    command: ${command}\n`,
    );
    await main(page).getByText('Can be deployed').waitFor();
    await page.getByRole('button', { name: 'Create and deploy' }).click();
    await heading(page, name('shop')).waitFor();
    await main(page).getByText('Running', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Logs' }).click();
    await page.getByRole('log').getByText('open for business').first().waitFor();
    await page.getByRole('link', { name: 'Services' }).click();
    await page.getByRole('button', { name: 'One web more' }).click();
    const output = page.getByRole('region', { name: 'Output', exact: true });
    await output.getByText('Done').waitFor();
    await main(page)
      .getByRole('link', { name: /-web-2$/ })
      .waitFor();
    await page.getByRole('button', { name: 'Take down', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take down' }).click();
    await output
      .getByText(/Removed/)
      .first()
      .waitFor();
    await output.getByText('Done').waitFor();
    await main(page).getByText('Not deployed').first().waitFor();
  });

  it('shows what a change would do before it is deployed', async () => {
    await page.getByRole('link', { name: 'Editor' }).click();
    const editor = page.getByRole('textbox', { name: 'Compose file' });
    await editor.fill(`services:\n  web:\n    image: ${app.image}\n    command: sleep 60\n    privileged: true\n`);
    await page.getByText('services.web.privileged').first().waitFor();
    await page.getByRole('switch', { name: 'Show changes' }).click();
    await page.locator('.cm-deletedChunk').getByText('open for business').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Settings' }).last().click();
    await page.getByRole('button', { name: 'Remove stack' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove stack' }).click();
    await heading(page, 'Stacks').waitFor();
    await row(page, name('shop')).waitFor({ state: 'detached' });
  });

  it.skipIf(noRegistry)('builds an image, and pulls one layer by layer (needs docker-registry)', async () => {
    await using registry = await startRegistry();
    const { images } = app.docker.engine;
    const built = `${name('built')}:1`;
    const pulled = `${registry.address}/${name('built')}:1`;
    await page.goto('/ui/containers/images');
    await page.getByRole('button', { name: 'Build an image' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill(built);
    await dialog.getByRole('radio', { name: 'Dockerfile' }).click();
    const recipe = `FROM ${app.image}\nRUN head -c 3000000 /dev/urandom > /data/blob\n`;
    await dialog.getByRole('textbox', { name: 'Dockerfile' }).fill(recipe);
    await dialog.getByRole('button', { name: 'Build', exact: true }).click();
    await dialog
      .getByRole('log')
      .getByText(/^Step 2\/\d/)
      .waitFor();
    await dialog.getByText('Done').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await row(page, built).waitFor();
    await pushImage(app.docker.engine, built, pulled);
    for (const each of [built, pulled]) await images.remove(each);
    await row(page, built).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Pull an image' }).click();
    await dialog.getByRole('textbox', { name: 'Image' }).fill(pulled);
    await dialog.getByRole('button', { name: 'Pull', exact: true }).click();
    await dialog.getByText('Done').waitFor();
    await dialog.getByText(/^(\d+) of \1 layers$/).waitFor();
    await dialog.getByRole('listitem').filter({ hasText: 'Pull complete' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await row(page, pulled).waitFor();
    await images.remove(pulled);
    await row(page, pulled).waitFor({ state: 'detached' });
  });

  it('names what policy refuses, and shows nothing to those without the right', async () => {
    const { users } = app.client();
    await users.create.mutate({ username: 'carla', password, grants: ['container.manage'] });
    await users.create.mutate({ username: 'dan', password });
    for (const username of ['carla', 'dan']) {
      await using visitor = await browser.visit(app.url);
      await visitor.page.request.post('/trpc/auth.login', { data: { username, password } });
      await visitor.page.goto('/ui/containers/new');
      const rail = visitor.page.getByRole('navigation', { name: 'Main' });
      await rail.getByRole('link', { name: 'Servers' }).waitFor();
      if (username === 'dan') {
        await main(visitor.page).getByText('Containers are not among your rights').waitFor();
        expect(await rail.getByRole('link', { name: /Containers|Stacks/ }).count()).toBe(0);
        continue;
      }
      await visitor.page.getByRole('combobox', { name: 'Image' }).fill(app.image);
      await visitor.page.getByText('Reach out of the container').click();
      await visitor.page.getByRole('switch', { name: 'Privileged' }).click();
      await visitor.page.getByRole('button', { name: 'Create and start' }).click();
      const refusal = visitor.page.getByRole('alert').filter({ hasText: 'Refused by policy' });
      await refusal.waitFor();
      expect(await refusal.textContent()).toContain('privileged');
    }
  });

  it('tells that an engine is away until it is back', async () => {
    await page.goto('/ui/containers?engine=late');
    await page.getByText('The engine late does not answer').waitFor();
    await main(page).getByText('Nothing to show until the engine answers').waitFor();
    await late.come();
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText('The engine late does not answer').waitFor({ state: 'detached' });
    await page.getByRole('table', { name: 'Containers' }).or(page.getByText('No containers yet')).waitFor();
  });

  describe.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ] as const)('have no fault of accessibility: $colorScheme, $width px', ({ colorScheme, width }) => {
    let visitor: Visitor;
    let container = '';
    let stack = '';
    beforeAll(async () => {
      const made = await app.docker.engine.containers.create(
        { image: app.image, name: name(`axe${width}`), command: ['sleep', '600'], labels: app.docker.labels },
        { start: true },
      );
      container = made.id;
      const content = `services:\n  web:\n    image: ${app.image}\n`;
      const kept = await app.client().stacks.create.mutate({ path: name(`axe${width}`), content });
      stack = kept.id;
      visitor = await browser.visit(app.url, { colorScheme, viewport: { width, height: 860 }, bypassCSP: true });
      await signIn(visitor.page);
      await open(visitor.page, '/ui/');
    });
    afterAll(() => visitor?.[Symbol.asyncDispose]());

    /** Each group of pages has the time of a test. */
    it.each([
      ['lists', () => ['', '/new', '/images', '/volumes'].map((each) => `/ui/containers${each}`)],
      ['the engine', () => ['/networks', '/engine', '?engine=late', '/none'].map((each) => `/ui/containers${each}`)],
      ['a container', () => ['', '/logs', '/terminal', '/stats'].map((tab) => `/ui/containers/${container}${tab}`)],
      [
        'its files and settings',
        () => ['/files', '/inspect', '/settings'].map((tab) => `/ui/containers/${container}${tab}`),
      ],
      ['stacks', () => ['', '/new', '/none'].map((each) => `/ui/stacks${each}`)],
      ['a stack', () => ['', '/editor', '/logs', '/settings'].map((tab) => `/ui/stacks/${stack}${tab}`)],
    ])('%s', async (_, pagesOf) => {
      const found: Record<string, string[]> = {};
      for (const address of pagesOf()) {
        await walk(visitor.page, address);
        if (address.endsWith('/terminal'))
          await visitor.page.getByRole('button', { name: 'Open', exact: true }).click();
        await visitor.page.waitForTimeout(400);
        const list = await violations(visitor.page);
        const wide = await visitor.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        if (wide) list.push('the page scrolls sideways');
        list.push(...visitor.complaints.splice(0));
        if (list.length > 0) found[address] = list;
      }
      expect(found).toEqual({});
    });
  });
});
