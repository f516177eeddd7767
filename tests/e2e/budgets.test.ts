import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { addPerson, commonPassword, type Caller } from '../support/people.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, walk, type TestBrowser, type Visitor } from './browser.ts';

const address = '/ui/models/budgets';

async function visitAs(browser: TestBrowser, app: TestApp, username: string): Promise<Visitor> {
  const visitor = await browser.visit(app.url, { colorScheme: 'dark', viewport: { width: 390, height: 860 } });
  const data = { username, password: commonPassword };
  const answer = await visitor.page.request.post('/trpc/auth.login', { data });
  if (!answer.ok()) throw new Error(await answer.text());
  return visitor;
}

describe.skipIf(chromium === null)('budgets of models (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let ada: Caller;

  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
    ada = await addPerson(app, 'ada');
    await ada.client().keys.create.mutate({ name: 'Laptop' });
    await ada.client().models.test.mutate({ id: 'demo' });
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('are set for people by admins, who see what is spent', async () => {
    const { page } = admin;
    await open(page, '/ui/models');
    await page.getByRole('link', { name: 'Budgets and usage' }).click();
    await page.getByText('No budgets').waitFor();
    await page.getByRole('button', { name: 'Add a budget' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Username').fill('nobody-of-this-name');
    await dialog.getByLabel('Tokens, at most').fill('ten');
    await dialog.getByText('A whole number from 0').waitFor();
    expect(await dialog.getByRole('button', { name: 'Set the budget' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Tokens, at most').fill('1');
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('Username').fill('ada');
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const row = page.getByRole('table', { name: 'Budgets' }).getByRole('row', { name: 'ada' });
    await row.getByText(/of 1 tokens · begins anew next month/).waitFor();
    await expect(ada.client().models.test.mutate({ id: 'demo' })).rejects.toThrow(/Your budget/);
    expect(await violations(page)).toEqual([]);
  });

  it('are changed, and removed after a question', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Change ada: tokens per month' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Tokens, at most').inputValue()).toBe('1');
    await dialog.getByLabel('Tokens, at most').fill('1,000,000');
    await dialog.getByRole('button', { name: 'Save changes' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText(/of 1,000,000 tokens$/).waitFor();
    expect(await app.client().models.budgets.query({})).toMatchObject([
      { userId: ada.id, period: 'month', measure: 'tokens', most: 1_000_000 },
    ]);
    await page.getByRole('button', { name: 'Remove ada: tokens per month?' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No budgets').waitFor();
    expect(await app.client().models.budgets.query({})).toEqual([]);
  });

  it('of its own keys are set by anybody; of a person they are only shown, on a phone too', async () => {
    await app.client().models.setBudget.mutate({ userId: ada.id, period: 'month', measure: 'money', most: 4 });
    await using visitor = await visitAs(browser, app, 'ada');
    const { page } = visitor;
    await open(page, address);
    const table = page.getByRole('table', { name: 'Budgets' });
    await table.getByText('Set by admins only').waitFor();
    await page.getByRole('button', { name: 'Add a budget' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Username').count()).toBe(0);
    const laptop = dialog.getByRole('option', { name: /^Laptop/ });
    await dialog.getByLabel('API key').selectOption((await laptop.getAttribute('value')) ?? '');
    await dialog.getByRole('radio', { name: 'Per day' }).click();
    await dialog.getByRole('radio', { name: 'Money' }).click();
    await dialog.getByLabel('Money, at most').fill('2.5');
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await table.getByText('Cost 0 of 2.5').waitFor();
    await page.getByRole('button', { name: 'Change Laptop: money per day' }).waitFor();
    expect(await page.getByRole('button', { name: /^Change ada/ }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

  it('shows who has no keys why it sets none', async () => {
    await addPerson(app, 'bob');
    await using visitor = await visitAs(browser, app, 'bob');
    await open(visitor.page, address);
    await visitor.page.getByText('You have no API keys to set a budget for.').waitFor();
    expect(await visitor.page.getByRole('button', { name: 'Add a budget' }).isDisabled()).toBe(true);
  });

  it('tells what was used of models month by month, and by whom', async () => {
    const { page } = admin;
    await walk(page, address);
    await page
      .getByRole('table', { name: 'Used, by month' })
      .getByRole('row', { name: /demo.*ada/ })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Next month' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Previous month' }).click();
    await page.getByText('Nothing was used in this month').waitFor();
    await page.waitForURL(/month=\d{4}-\d\d$/);
    await page.getByRole('button', { name: 'Next month' }).click();
    await page.getByRole('table', { name: 'Used, by month' }).waitFor();
    await walk(page, `${address}?month=2025-13`);
    await page.getByRole('table', { name: 'Used, by month' }).waitFor();
    expect(admin.complaints).toEqual([]);
  });
});
