import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';

describe.skipIf(chromium === null)('the review of a generated tool (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;

  beforeAll(async () => {
    app = await createTestApp({ TOOL_SANDBOX: 'none' });
    const body = {
      folder_name: 'weather_tool',
      script_files: { 'main.py': 'def main():\n    return "<b>sunny</b>"\n', 'lib/words.py': 'words = 1\n' },
      readme: '# Weather\n',
      dependencies: 'requests==2.28.0',
    };
    expect((await app.json('/mcp/register-tool', { body })).status).toBe(200);
    browser = await openBrowser();
    admin = await browser.visit(app.url);
    await signIn(admin.page);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it('shows what it is made of, and lets it run with the hosts that are named', async () => {
    const { page } = admin;
    await page.goto('/ui/servers/weather_tool/settings');
    await page.getByText('Nothing of it runs before somebody has read it').waitFor();
    await page.getByText('return "<b>sunny</b>"').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Hosts that it may reach').fill('127.0.0.1');
    await page.getByRole('button', { name: 'Reviewed: let it run' }).click();
    await page
      .getByText(/must be a name/)
      .first()
      .waitFor();
    await page.getByLabel('Hosts that it may reach').fill('api.example.com');
    await page.getByRole('button', { name: 'Reviewed: let it run' }).click();
    await page.getByText('It was reviewed as it is').waitFor();
    const tool = await app.client().generatedTools.get.query({ id: 'weather_tool' });
    expect(tool).toMatchObject({ state: 'enabled', hosts: ['api.example.com'] });
  });

  it('shows what was changed since', async () => {
    const { page } = admin;
    const files = { 'main.py': 'def main():\n    return "rain"\n', 'new.py': '' };
    await app.client().generatedTools.change.mutate({ id: 'weather_tool', files });
    await page.getByText('It was changed since it was reviewed').waitFor();
    const list = page.getByRole('list', { name: 'What it is made of' });
    await list.getByText('changed', { exact: true }).waitFor();
    await list.getByText('added', { exact: true }).waitFor();
    await list.getByText('removed', { exact: true }).waitFor();
    await list.locator('del').getByText('sunny').waitFor();
    await list.locator('ins').getByText('rain').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('takes back what was reviewed', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Reviewed: let it run' }).click();
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('It was changed since it was reviewed').waitFor();
    expect(await app.client().generatedTools.get.query({ id: 'weather_tool' })).toMatchObject({ state: 'disabled' });
  });
});
