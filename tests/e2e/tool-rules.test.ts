import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { addPerson, commonPassword, type Caller } from '../support/people.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

const tab = '/ui/groups/Team/model-tools';

describe.skipIf(chromium === null)('rules for tools (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let member: Caller;

  function ownRules() {
    return app.client().conversations.rules.query({});
  }

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
    const { servers, groups } = app.client();
    await servers.addDemo.mutate();
    await servers.start.mutate({ id: 'demo', wait: true });
    await groups.create.mutate({ name: 'Team' });
    await groups.addServer.mutate({ groupId: 'Team', serverId: 'demo' });
    member = await addPerson(app, 'ada');
    await groups.addMember.mutate({ groupId: 'Team', userId: member.id });
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('of a person are shown in the chat, changed and taken back', async () => {
    const { page } = admin;
    await open(page, '/ui/chat');
    await page.getByRole('button', { name: 'Rules for tools' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nothing is said of any tool').waitFor();
    await dialog.getByLabel('Server').selectOption({ label: 'Demo' });
    await dialog.getByLabel('Tool', { exact: true }).selectOption('echo');
    await dialog.getByLabel('Models').selectOption('may call it');
    await dialog.getByRole('button', { name: 'Add' }).click();
    const said = dialog.getByLabel('What models may do with echo');
    await said.waitFor();
    expect(await said.inputValue()).toBe('allow');
    expect(await dialog.getByLabel('Tool', { exact: true }).getByRole('option', { name: 'echo' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await said.selectOption('may not call it');
    await expect.poll(ownRules).toMatchObject([{ serverId: 'demo', tool: 'echo', scope: 'person', verdict: 'deny' }]);
    await dialog.getByRole('button', { name: 'Take back what is said of echo' }).click();
    await dialog.getByText('Nothing is said of any tool').waitFor();
    expect(await ownRules()).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  it('of a group are said by its managers, on a phone too', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 390, height: 860 });
    await walk(page, '/ui/groups/Team');
    await page.getByRole('link', { name: 'Tools for models' }).click();
    await page.getByLabel('Server').selectOption({ label: 'Demo' });
    await page.getByLabel('Tool', { exact: true }).selectOption('echo');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByLabel('What models may do with echo').waitFor();
    expect(await app.client().conversations.rules.query({ groupId: 'Team' })).toMatchObject([
      { serverId: 'demo', tool: 'echo', scope: 'group', verdict: 'ask' },
    ]);
    expect(await ownRules()).toEqual([]);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(admin.complaints).toEqual([]);
  });

  it('of a group are read by its members, and no tab of theirs', async () => {
    await using visitor = await browser.visit(app.url, { colorScheme: 'dark' });
    const { page } = visitor;
    const data = { username: 'ada', password: commonPassword };
    expect((await page.request.post('/trpc/auth.login', { data })).ok()).toBe(true);
    await open(page, tab);
    await page.getByText('Only managers of this group change these rules.').waitFor();
    await page.getByRole('region', { name: 'Demo' }).getByText('ask first').waitFor();
    expect(await page.getByRole('link', { name: 'Tools for models' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Add' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});
