import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type Reply, type ScriptedProvider } from '@switchboard/agents/testing';
import { adminPassword, createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';
import { box, log, saidIn, say, settled, told } from './chat-page.ts';

const model = 'scripted';
/** Said where nothing else is written down: to who asks for a title, and to go on. */
const otherwise = 'Something else';

/** A conversation of its own with the scripted model. */
async function begin(page: Page): Promise<void> {
  await walk(page, '/ui/chat');
  await page.getByRole('combobox', { name: 'Model' }).selectOption(model);
}
describe.skipIf(chromium === null)('chat (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let page: Page;
  let provider: ScriptedProvider;
  const replies = new Map<string, Reply>();

  beforeAll(async () => {
    provider = await startProvider();
    provider.always((request) => replies.get(saidIn(request)) ?? { text: otherwise });
    app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    ({ page } = admin);
    await signIn(page);
    await app.client().servers.addDemo.mutate();
    await app.client().servers.start.mutate({ id: 'demo', wait: true });
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await provider?.[Symbol.asyncDispose]();
  });

  it('is found in the navigation, and the demo model answers at once', async () => {
    await open(page, '/ui/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }).click();
    const models = page.getByRole('combobox', { name: 'Model' });
    await models.waitFor();
    expect(await models.inputValue()).toBe('demo');
    await page.getByRole('button', { name: 'Which tools do you have?' }).click();
    await box(page).press('Enter');
    await told(page, 'I have these tools:').waitFor();
    await page.waitForURL(/\/ui\/chat\/.+/);
    await expect.poll(() => box(page).evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('calls a tool and shows what it was given and gave', async () => {
    await settled(page);
    await say(page, 'call weather_report {"city": "Oslo"}');
    const card = page.getByRole('group', { name: 'Tool call: weather_report' });
    await card.getByText('Done').waitFor();
    await card.locator('summary').click();
    await card.getByRole('region', { name: 'Arguments' }).getByText('"Oslo"').waitFor();
    await card.getByRole('region', { name: 'Result' }).first().waitFor();
    await told(page, 'This is what came back:').waitFor();
    await settled(page);
    expect(await violations(page)).toEqual([]);
  });

  it('makes a call again from its card, with other arguments', async () => {
    const chat = page.url();
    const card = page.getByRole('group', { name: 'Tool call: weather_report' });
    await card.getByRole('link', { name: 'Open in playground' }).click();
    const city = page.getByRole('textbox', { name: 'city' });
    await expect.poll(() => city.inputValue()).toBe('Oslo');
    expect(page.url()).not.toContain('Oslo');
    await page.reload();
    await expect.poll(() => city.inputValue()).toBe('Oslo');
    await city.fill('Lima');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('status').getByText('OK', { exact: true }).first().waitFor();
    await open(page, new URL(chat).pathname);
    await settled(page);
  });

  it('shows the record of a call, and no other one', async () => {
    await say(page, 'call weather_report {"city": "Bergen"}');
    const card = page.getByRole('group', { name: 'Tool call: weather_report' }).nth(1);
    await card.getByText('Done').waitFor();
    await settled(page);
    await card.locator('summary').click();
    const chat = page.url();
    await card.getByRole('link', { name: 'Show call records' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('heading', { name: 'weather_report' }).waitFor();
    const id = new URL(page.url()).searchParams.get('request') ?? '';
    await drawer.getByText(id).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    const rows = page.getByRole('table', { name: 'Calls' }).locator('tbody tr');
    expect(await rows.count()).toBe(1);
    await page.getByRole('textbox', { name: 'Request', exact: true }).fill('');
    await expect.poll(() => rows.count()).toBeGreaterThan(1);
    await open(page, new URL(chat).pathname);
    await settled(page);
  });

  it('asks what a server asks, and gives it the answer', async () => {
    await say(page, 'call book_table {"people": 2}');
    const approval = page.getByRole('group', { name: 'Allow this tool call?' });
    const question = page.getByRole('group', { name: 'The server asks you something' });
    await approval.waitFor();
    await approval.getByLabel('How long this applies').selectOption('always for this tool');
    await approval.getByRole('button', { name: 'Allow' }).click();
    await question.waitFor();
    expect(await violations(page)).toEqual([]);
    await question.getByRole('button', { name: 'Decline' }).click();
    await question.waitFor({ state: 'hidden' });
    await settled(page);
  });

  it('writes what a prompt of a server says', async () => {
    await box(page).fill('/intro');
    await page.getByRole('option', { name: /introduce/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await box(page).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('audience').fill('children');
    await dialog.getByRole('button', { name: 'Insert' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await box(page).inputValue()).toContain('children');
    await box(page).fill('');
  });

  it('keeps presets with the person, and takes over those of the browser', async () => {
    const kept = [{ name: 'short', systemPrompt: 'Be brief.', temperature: 0.5, maxTokens: null }, { name: 7 }];
    await open(page, '/ui/chat');
    await page.evaluate((text) => localStorage.setItem('switchboard.chat.presets', text), JSON.stringify(kept));
    await page.getByRole('button', { name: 'Parameters' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Preset', { exact: true }).selectOption('short');
    await expect.poll(() => dialog.getByLabel('Temperature').inputValue()).toBe('0.5');
    await dialog.getByLabel('System prompt').fill('Say all.');
    await dialog.getByLabel('Name of a preset').fill('long');
    await dialog.getByRole('button', { name: 'Save as preset' }).click();
    await dialog.getByRole('option', { name: 'long' }).waitFor({ state: 'attached' });
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    const presets = await app.client().conversations.presets.query();
    expect(presets.map(({ name, systemPrompt }) => [name, systemPrompt])).toEqual([
      ['long', 'Say all.'],
      ['short', 'Be brief.'],
    ]);
    expect(await page.evaluate(() => localStorage.getItem('switchboard.chat.presets'))).toBe('[]');
  });

  describe('with a model that takes its time', () => {
    beforeAll(async () => {
      await app.client().models.create.mutate({
        name: model,
        baseUrl: `${provider.url}/v1`,
        apiKey: 'sk-of-the-provider',
        visibility: 'everyone',
        contextWindow: 1000,
      });
    });

    it('goes on after a reload, and in a second tab', async () => {
      await begin(page);
      replies.set('Tell me.', { text: 'The first half.', stallAfter: 3 });
      await say(page, 'Tell me.');
      await page.waitForURL(/\/ui\/chat\/.+/);
      await page.getByRole('button', { name: 'Stop (Esc)' }).waitFor();
      await told(page, 'The').waitFor();
      await page.reload();
      await told(page, 'The').waitFor();
      const second = await admin.tab();
      await second.goto(new URL(page.url()).pathname);
      await told(second, 'The').waitFor();
      await box(page).press('Escape');
      await second.getByText('Stopped.').waitFor();
      await page.getByText('Stopped.').waitFor();
      await second.close();
      await page.getByRole('button', { name: 'Continue' }).click();
      await told(page, otherwise).waitFor();
      await settled(page);
      expect(await told(page, 'The').count()).toBe(1);
    });

    it('takes files along', async () => {
      await begin(page);
      const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      await page.locator('section input[type=file]').setInputFiles([
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Nineteen apples.') },
        { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') },
        { name: 'blob.bin', mimeType: 'application/octet-stream', buffer: Buffer.from([0, 1, 255]) },
      ]);
      await page.getByText(/blob.bin is neither an image/).waitFor();
      await page.getByRole('button', { name: 'Remove dot.png' }).waitFor();
      await say(page, 'Count them');
      await told(page, otherwise).waitFor();
      await settled(page);
      await log(page).getByRole('img', { name: 'dot.png' }).waitFor();
      await log(page).getByText('notes.txt').waitFor();
      expect(JSON.stringify(provider.requests.map(({ body }) => body))).toContain('Nineteen apples.');
    });

    it('sends what was written meanwhile when its turn comes, and lets it be withdrawn', async () => {
      await begin(page);
      const gate = Promise.withResolvers<void>();
      replies.set('First', { text: 'One.', hold: gate.promise }).set('Second', { text: 'Two.' });
      await say(page, 'First');
      await page.getByRole('button', { name: 'Stop (Esc)' }).waitFor();
      await say(page, 'Second');
      await say(page, 'Third');
      const queue = page.getByRole('list', { name: 'Waiting messages' });
      await queue
        .getByRole('listitem')
        .filter({ hasText: 'Third' })
        .getByRole('button', { name: 'Remove from queue' })
        .click();
      gate.resolve();
      await told(page, 'Two.').waitFor();
      expect(await queue.count()).toBe(0);
      expect(await told(page, 'Third').count()).toBe(0);
      await settled(page);
    });

    it('keeps every version of a message that is edited', async () => {
      replies.set('Second, edited', { text: 'Another.' });
      await box(page).press('ArrowUp');
      expect(await box(page).inputValue()).toBe('Second');
      await say(page, 'Second, edited');
      await told(page, 'Another.').waitFor();
      await settled(page);
      const versions = page.getByRole('group', { name: 'Versions of this message' });
      await versions.getByText('2 / 2').waitFor();
      await versions.getByRole('button', { name: 'Previous version' }).click();
      await told(page, 'Two.').waitFor();
      await versions.getByText('1 / 2').waitFor();
      expect(await told(page, 'Another.').count()).toBe(0);
    });

    it('says why there is no answer, and what to do', async () => {
      await begin(page);
      replies.set('Hello', { status: 401, body: { error: { message: 'This key was revoked.' } } });
      await say(page, 'Hello');
      const trouble = page.getByRole('alert').filter({ hasText: 'No complete answer' });
      await trouble.getByText(/This key was revoked/).waitFor();
      replies.set('Hello', { text: 'Hello again.' });
      await trouble.getByRole('button', { name: 'Try again' }).click();
      await told(page, 'Hello again.').waitFor();
      await settled(page);
    });

    it('is shared to be read by others, who cannot write', async () => {
      await page
        .getByRole('button', { name: /^Actions for/ })
        .last()
        .click();
      await page.getByRole('menuitem', { name: 'Share' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Who can read it').selectOption('everyone');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await app.client().users.create.mutate({ username: 'ada', password: adminPassword, mustChangePassword: false });
      await using ada = await browser.visit(app.url, { colorScheme: 'dark', viewport: { width: 390, height: 800 } });
      const data = { username: 'ada', password: adminPassword };
      expect((await ada.page.request.post('/trpc/auth.login', { data })).ok()).toBe(true);
      await ada.page.goto(new URL(page.url()).pathname);
      await told(ada.page, 'Hello again.').waitFor();
      await ada.page.getByText(/shared this conversation with you to read/).waitFor();
      expect(await box(ada.page).count()).toBe(0);
      await ada.page.getByRole('button', { name: 'Show conversations' }).click();
      await ada.page.getByRole('combobox', { name: 'Folder' }).selectOption({ label: 'Shared with me' });
      await ada.page.getByRole('dialog').getByRole('listitem').first().waitFor();
      expect(await ada.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      expect(await violations(ada.page)).toEqual([]);
    });
  });

  it('is taken along as a file, to read or to import', async () => {
    await begin(page);
    await page.getByRole('combobox', { name: 'Model' }).selectOption('demo');
    await say(page, 'call weather_report {"city": "Turku"}');
    await told(page, 'This is what came back:').waitFor();
    await settled(page);
    async function saved(as: string) {
      await page
        .getByRole('button', { name: /^Actions for/ })
        .last()
        .click();
      const waiting = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: as }).click();
      const download = await waiting;
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    }
    const markdown = await saved('Export as Markdown');
    expect(markdown.name).toMatch(/^[^/]+\.md$/);
    expect(markdown.text).toContain('## You\n\ncall weather_report {"city": "Turku"}');
    expect(markdown.text).toContain('**demo / weather_report**');
    expect(markdown.text).toContain('This is what came back:');
    const json = await saved('Export as JSON');
    expect(json.name).toMatch(/\.json$/);
    const rounds = (JSON.parse(json.text) as { rounds: { content: string }[] }).rounds;
    expect(rounds.map(({ content }) => content)).toEqual(['call weather_report {"city": "Turku"}']);
    const before = page.url();
    const buffer = Buffer.from(json.text);
    await page
      .locator('aside input[type=file]')
      .setInputFiles([{ name: json.name, mimeType: 'application/json', buffer }]);
    await page.waitForURL((url) => url.href !== before && /\/ui\/chat\/.+/.test(url.pathname));
    await told(page, 'This is what came back:').waitFor();
  });

  it('is read by admins where the settings let them, after it was said that this is recorded', async () => {
    const client = app.client();
    await client.users.create.mutate({ username: 'eve', password: adminPassword, mustChangePassword: false });
    await using eve = await browser.visit(app.url);
    const data = { username: 'eve', password: adminPassword };
    expect((await eve.page.request.post('/trpc/auth.login', { data })).ok()).toBe(true);
    await eve.page.goto('/ui/chat');
    await say(eve.page, 'Something of my own');
    await eve.page.waitForURL(/\/ui\/chat\/.+/);
    await settled(eve.page);
    await using watcher = await browser.visit(app.url, { colorScheme: 'dark' });
    await signIn(watcher.page);
    await watcher.page.goto('/ui/conversations');
    await watcher.page.getByRole('button', { name: 'Show', exact: true }).click();
    await watcher.page.getByText(/Admins do not read conversations of others on this hub/).waitFor();
    await client.configuration.change.mutate({ conversations: { adminsMayRead: true } });
    await eve.page.goto('/ui/chat');
    await eve.page.getByText('Admins of this hub may read conversations.').waitFor();
    await watcher.page.goto('/ui/');
    await watcher.page.getByRole('link', { name: 'Conversations of others' }).click();
    await watcher.page.getByText('What you look at here is recorded in the audit log.').waitFor();
    expect(await violations(watcher.page)).toEqual([]);
    await watcher.page.getByLabel('Owner', { exact: true }).fill('eve');
    await watcher.page.getByRole('button', { name: 'Show', exact: true }).click();
    const rows = watcher.page.getByRole('table', { name: 'Conversations of others' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await violations(watcher.page)).toEqual([]);
    await rows.getByRole('link').click();
    await watcher.page.getByRole('button', { name: 'Read it' }).click();
    await watcher.page.getByText('Something of my own').first().waitFor();
    expect(await watcher.page.getByRole('textbox').count()).toBe(0);
    expect(await watcher.page.getByRole('button', { name: /Answer again|Edit/ }).count()).toBe(0);
    expect(await violations(watcher.page)).toEqual([]);
    const { items } = await client.audit.list.query({ action: ['conversation.inspect'], outcome: ['ok'] });
    expect(items.map(({ details }) => details)).toMatchObject([
      { owner: 'eve', rounds: 1 },
      { owner: 'eve', listed: 1 },
    ]);
    await client.configuration.change.mutate({ conversations: { adminsMayRead: false } });
  });

  it('opens a conversation of 2,000 messages at its end, and shows no more of it than is read', async () => {
    const rounds = Array.from({ length: 1_000 }, (_, at) => ({
      content: `Question ${at}`,
      answers: [
        {
          role: 'assistant' as const,
          content: `**Answer** ${at}\n\n- one\n- two\n\n\`\`\`js\nlet a = ${at};\n\`\`\`\n`,
        },
      ],
    }));
    const { id } = await app.client().conversations.import.mutate({
      format: 'switchboard-conversation',
      version: 1,
      title: 'Long',
      rounds,
    });
    await using reader = await browser.visit(app.url);
    await signIn(reader.page);
    await reader.page.goto(`/ui/chat/${id}`);
    const shown = log(reader.page).getByRole('article');
    await told(reader.page, 'Answer 999').waitFor();
    expect(await shown.count()).toBe(50);
    await expect
      .poll(() => shown.last().evaluate((last) => last.getBoundingClientRect().bottom <= innerHeight))
      .toBe(true);
    await log(reader.page).getByRole('button', { name: 'Show earlier' }).click();
    await expect.poll(() => shown.count()).toBe(100);
    expect(reader.complaints).toEqual([]);
  });

  it('writes nothing into the console', () => {
    expect(admin.complaints).toEqual([]);
  });
});
