import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

const password = 'a quiet harbour at dawn';

async function signInByForm(page: Page, username: string, secret: string): Promise<void> {
  await page.goto('/ui/');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

function rail(page: Page) {
  return page.getByRole('navigation', { name: 'Main' });
}

describe.skipIf(chromium === null)('people and their rights (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let ada: Visitor;
  let bob: Visitor;
  let generated = '';

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    [admin, ada, bob] = await Promise.all([browser.visit(app.url), browser.visit(app.url), browser.visit(app.url)]);
    const { servers, users } = app.client();
    await servers.addDemo.mutate();
    await servers.start.mutate({ id: 'demo', wait: true });
    await users.create.mutate({ username: 'bob', password });
    await signIn(admin.page);
  });
  afterAll(async () => {
    for (const visitor of [admin, ada, bob]) await visitor?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('makes a group with a server', async () => {
    const { page } = admin;
    await page.goto('/ui/groups');
    await page.getByRole('button', { name: 'Add a group' }).first().click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Field team');
    await page.getByRole('button', { name: 'Create the group' }).click();
    await page.getByRole('heading', { level: 1, name: 'Field team' }).waitFor();
    await page.getByRole('link', { name: 'Servers and tools' }).click();
    await page.getByRole('combobox', { name: 'Server' }).selectOption({ label: 'Demo' });
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: /Demo demo/ }).waitFor();
  });

  it('chooses and renames tools, and shows what the endpoint costs', async () => {
    const { page } = admin;
    const cost = page.getByTestId('exposure-tokens');
    await page.getByRole('button', { name: /Demo demo/ }).click();
    const before = Number((await cost.textContent())?.replaceAll(',', ''));
    expect(before).toBeGreaterThan(0);
    await page.getByRole('switch', { name: 'Offer weather_report to clients' }).click();
    await page.getByRole('switch', { name: 'Offer weather_report to clients', checked: false }).waitFor();
    await page.getByRole('button', { name: 'Change echo' }).click();
    await page.getByRole('textbox', { name: 'Name that clients see' }).fill('say');
    await page.getByRole('button', { name: 'Save', exact: true }).last().click();
    await page.getByText('Renamed here').waitFor();
    const { tools, tokens } = await app.client().groups.exposure.query({ id: 'Field-team' });
    expect(tokens).toBeLessThan(before);
    expect(tools.map(({ name }) => name)).not.toContain('weather_report');
    expect(tools.find(({ name }) => name === 'echo')?.exposedName).toMatch(/say$/);
  });

  it('makes a user in the group, with a password that is shown once', async () => {
    const { page } = admin;
    await rail(page).getByRole('link', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'Add a user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Username' }).fill('ada');
    await dialog.getByRole('checkbox', { name: 'Field team' }).check();
    await dialog.getByRole('button', { name: 'Create the user' }).click();
    generated = (await page.getByTestId('new-password').textContent()) ?? '';
    expect(generated.length).toBeGreaterThanOrEqual(8);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('table', { name: 'Users' }).getByRole('link', { name: 'ada' }).waitFor();
  });

  it('makes the new user choose a password of their own first', async () => {
    const { page } = ada;
    await signInByForm(page, 'ada', generated);
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    await page.getByLabel('Current password').fill(generated);
    await page.getByLabel('New password', { exact: true }).fill(password);
    await page.getByLabel('New password, again').fill(password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await rail(page).getByRole('link', { name: 'Servers' }).waitFor();
  });

  it('shows each user what is theirs, side by side', async () => {
    await signInByForm(bob.page, 'bob', password);
    await rail(bob.page).waitFor();
    expect(await rail(ada.page).getByRole('link', { name: 'Users' }).count()).toBe(0);
    await Promise.all([walk(ada.page, '/ui/servers'), walk(bob.page, '/ui/servers')]);
    await ada.page.getByRole('link', { name: 'Demo', exact: true }).waitFor();
    await bob.page.getByRole('link', { name: /Paste a client’s config/ }).waitFor();
    expect(await bob.page.getByRole('link', { name: 'Demo', exact: true }).count()).toBe(0);
    await walk(bob.page, '/ui/servers/demo');
    await bob.page.getByText('There is no server “demo”').waitFor();
    await walk(bob.page, '/ui/groups/Field-team');
    await bob.page.getByText('There is no group “Field-team”').waitFor();
  });

  it('lets the one call the tool, and says why she may', async () => {
    const { page } = ada;
    await walk(page, '/ui/playground?server=demo&name=echo');
    await page.getByRole('textbox', { name: /message/i }).fill('hello from ada');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('hello from ada').last().waitFor();
    await walk(page, '/ui/groups/Field-team/rights');
    await page.getByRole('row', { name: /Demo/ }).getByText('Member of Field-team').last().waitFor();
    await walk(admin.page, '/ui/users');
    await admin.page.getByRole('link', { name: 'bob' }).click();
    await admin.page.getByText('No rights at servers').waitFor();
  });

  it('makes a key for one tool: a real client sees that one, and is refused the others', async () => {
    const { page } = ada;
    await walk(page, '/ui/keys');
    await page.getByRole('button', { name: 'Create key' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Echo only');
    await dialog.getByText('Scope', { exact: true }).click();
    await dialog.getByRole('checkbox', { name: 'Manage' }).uncheck();
    await dialog.getByLabel('Tools', { exact: true }).getByText('Only these').click();
    await dialog.getByRole('checkbox', { name: 'demo/echo' }).check();
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    const key = (await page.getByTestId('new-key').textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();
    await page
      .getByRole('row', { name: /Echo only/ })
      .getByText('demo/echo')
      .waitFor();
    const client = new Client({ name: 'people', version: '1.0.0' });
    const headers = { Authorization: `Bearer ${key}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${app.url}/mcp`), { requestInit: { headers } }));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['demo__echo']);
    await client.callTool({ name: 'demo__echo', arguments: { message: 'yes' } });
    await expect(client.callTool({ name: 'demo__weather_report', arguments: { city: 'Lisbon' } })).rejects.toThrow();
    await client.close();
  });

  it('tells the admin of it all in the audit log, and each user of their own part', async () => {
    const { page } = admin;
    await walk(page, '/ui/audit?action=group.create');
    await page.getByRole('button', { name: /group\.create/ }).click();
    await page.getByRole('dialog').getByText('admin', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await walk(page, '/ui/audit?user=ada');
    await page.getByRole('button', { name: /key\.create/ }).waitFor();
    await page
      .getByRole('button', { name: /tools\/call/ })
      .first()
      .waitFor();
    const href = (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')) ?? '';
    const file = await page.request.get(href);
    expect([file.status(), file.headers()['content-type']]).toEqual([200, expect.stringContaining('text/csv')]);
    expect(await file.text()).toContain('key.create');
    await walk(bob.page, '/ui/audit');
    await bob.page.getByRole('table', { name: 'Audit log' }).waitFor();
    expect(await bob.page.getByRole('button', { name: /group\.create/ }).count()).toBe(0);
  });

  it('gives a server to another person, who then sees its settings', async () => {
    const { page } = admin;
    await walk(bob.page, '/ui/servers/demo/settings');
    await bob.page.getByText('There is no server “demo”').waitFor();
    await walk(page, '/ui/servers/demo/settings');
    function cardOf(who: Page) {
      return who.locator('section', { has: who.getByRole('heading', { name: 'Owner' }) });
    }
    const owner = cardOf(page);
    await owner.getByText('It belongs to admin.').waitFor();
    await owner.getByRole('combobox', { name: 'New owner' }).fill('nobody-here');
    await owner.getByRole('button', { name: 'Transfer ownership' }).click();
    await owner
      .getByRole('alert')
      .getByText(/nobody-here/)
      .waitFor();
    await owner.getByRole('combobox', { name: 'New owner' }).fill('bob');
    await owner.getByRole('button', { name: 'Transfer ownership' }).click();
    await owner.getByText('It belongs to bob.').waitFor();
    await bob.page.goto('/ui/servers/demo/settings');
    await bob.page.getByRole('button', { name: 'Save changes' }).waitFor();
    expect(await cardOf(bob.page).count()).toBe(0);
    await walk(ada.page, '/ui/servers/demo/settings');
    await ada.page.getByText('You may see this server, but not change it.').waitFor();
    await walk(ada.page, '/ui/servers/demo');
    await ada.page.getByText('Who sees it').waitFor();
    expect(await ada.page.getByText('Owner', { exact: true }).count()).toBe(0);
  });

  it('takes the server away from an open page', async () => {
    await walk(ada.page, '/ui/servers');
    await ada.page.getByRole('link', { name: 'Demo', exact: true }).waitFor();
    await app.client().groups.removeMember.mutate({ groupId: 'Field-team', userId: 'ada' });
    await ada.page.getByRole('link', { name: 'Demo', exact: true }).waitFor({ state: 'detached' });
  });

  it('signs another device out', async () => {
    await using phone = await browser.visit(app.url);
    await signInByForm(phone.page, 'ada', password);
    await rail(phone.page).waitFor();
    await walk(ada.page, '/ui/account');
    await ada.page.getByRole('button', { name: 'Sign out all others' }).click();
    await ada.page.getByText('This one').waitFor();
    await ada.page.getByRole('button', { name: 'Sign out all others' }).waitFor({ state: 'detached' });
    await phone.page.goto('/ui/servers');
    await phone.page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('left nothing in the browsers’ consoles', () => {
    expect([admin, ada, bob].flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  it('adds many people of a pasted list, tells who was refused, and hands out their passwords', async () => {
    const { page } = admin;
    await walk(page, '/ui/users');
    await page.getByRole('button', { name: 'Bulk add' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bulk add users' });
    await dialog
      .getByRole('textbox', { name: 'People' })
      .fill('username,name,email\ncarl, Carl Berg, carl@example.com\nbob\ndora@example.com\n');
    await dialog.getByRole('checkbox', { name: /Field team/ }).check();
    await dialog.getByRole('button', { name: 'Create 3 users' }).click();
    await dialog.getByText('Created 2 users').waitFor();
    await dialog.getByText("bob: The user name 'bob' is taken.").waitFor();
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download the passwords' }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await downloading).createReadStream()) chunks.push(chunk as Buffer);
    const [head, first = ''] = Buffer.concat(chunks).toString().split('\r\n');
    expect(head).toBe('username,password');
    await dialog.getByRole('button', { name: 'Try those again' }).click();
    expect(await dialog.getByRole('textbox', { name: 'People' }).inputValue()).toBe('bob');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('row', { name: /dora/ }).getByText('Field team').waitFor();
    const [username = '', secret = ''] = first.split(',');
    expect(await app.client().users.get.query({ id: 'carl' })).toMatchObject({
      fullName: 'Carl Berg',
      email: 'carl@example.com',
      mustChangePassword: true,
    });
    const signedIn = await app.json('/api/auth/login', { body: { username, password: secret }, auth: false });
    expect(signedIn.status).toBe(200);
  });

  it('adds several members at once, and lets in all who wait', async () => {
    const { page } = admin;
    await app.client().groups.create.mutate({ name: 'Gate', settings: { requireApproval: true } });
    await walk(page, '/ui/groups/Gate');
    await page.getByRole('combobox', { name: 'Username' }).fill('carl, nobody-here, dora');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Approve all 2' }).waitFor();
    await page.getByRole('button', { name: 'Approve carl' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Username' }).inputValue()).toBe('nobody-here');
    await page.getByRole('button', { name: 'Approve all 2' }).click();
    await page
      .getByRole('button', { name: /^Approve/ })
      .first()
      .waitFor({ state: 'detached' });
    const members = await app.client().groups.members.query({ groupId: 'Gate' });
    expect(Object.fromEntries(members.map(({ username, status }) => [username, status]))).toEqual({
      carl: 'active',
      dora: 'active',
    });
  });
});
