import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

/** A key that only the database confines: naming a stack takes an engine that answers. */
async function confine(app: TestApp, id: string, resources: string[]): Promise<void> {
  await app.connection.run('update api_keys set resources = $1 where id = $2', [resources, id]);
}

describe.skipIf(chromium === null)('who may what (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;

  beforeAll(async () => {
    app = await createTestApp({ DOCKER_HOST: 'unix:///run/switchboard-no-engine.sock' });
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('shows every right with who has it, under what it is about', async () => {
    const { page } = admin;
    await page.goto('/ui/users');
    await page.getByRole('link', { name: 'Who may what' }).click();
    const table = page.getByRole('table', { name: 'Who may what' });
    await table.waitFor();
    const rights = await app.client().access.rights.query();
    for (const { action } of rights) expect(await table.getByText(action, { exact: true }).count(), action).toBe(1);
    const create = table.getByRole('row').filter({ hasText: 'stack.create' });
    const said = await create.innerText();
    const power = 'or with the power “Manage containers”';
    for (const words of ['Manage', 'Admins', power, 'What is their own', 'Keys that name the engine']) {
      expect(said).toContain(words);
    }
    const plain = (await table.innerText()).replaceAll(/[a-z]+\.[a-z-]+/g, '');
    expect(plain).not.toMatch(/^(?:see|own|use|any|named|viewer|admin)$/m);
    expect(await table.getByRole('rowheader').allInnerTexts()).toContain('Stacks');
  });

  it('finds rights by what they are called and by who has them', async () => {
    const { page } = admin;
    await page.goto('/ui/access');
    const search = page.getByLabel('Search rights');
    await search.fill('people only');
    await page.getByText('secret.reveal').waitFor();
    expect(await page.getByText('server.read', { exact: true }).count()).toBe(0);
    await search.fill('nothing is called so');
    await page.getByText('No right fits').waitFor();
  });

  it('says all of it on a narrow page too, and nothing twice', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/ui/access');
    const row = page.getByRole('row').filter({ hasText: 'container.exec' });
    await row.getByText('Keys that name the resource, or what it lies in').filter({ visible: true }).waitFor();
    expect(
      await row
        .getByText(/^Admins/)
        .filter({ visible: true })
        .count(),
    ).toBe(1);
    const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    expect(fits).toBe(true);
  });

  it('confines a key to an engine by the form, and shows what a key is confined to', async () => {
    const { page } = admin;
    const { id } = await app.client().keys.create.mutate({ name: 'deployer' });
    await confine(app, id, ['stack:local/web']);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/ui/keys');
    const row = page.getByRole('row').filter({ hasText: 'deployer' });
    await row.getByText('stack:local/web').waitFor();
    await page.getByRole('button', { name: 'Create key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('whole engine');
    await dialog.getByText('Scope', { exact: true }).click();
    const bound = dialog.locator('[aria-label="Models, stacks, containers and the like"]');
    await bound.getByText('Only these').click();
    await dialog.getByLabel('engine:local').check();
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByTestId('new-key').waitFor();
    const made = (await app.client().keys.list.query()).find(({ name }) => name === 'whole engine');
    expect(made).toMatchObject({ resources: ['engine:local'], servers: null });
  });
});
