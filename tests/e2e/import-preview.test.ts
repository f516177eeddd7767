import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { chromium, openBrowser, signIn, type TestBrowser } from './browser.ts';

const codex = `[mcp_servers.tracker]
url = "https://tracker.example/mcp"
bearer_token_env_var = "TRACKER_TOKEN"
enabled_tools = ["search"]
scopes = ["read"]

[mcp_servers.notes]
command = "npx -y notes-mcp"
env = { NOTES_KEY = "$(pass show notes)" }
`;

describe.skipIf(chromium === null)('what an import will do (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  beforeAll(async () => {
    app = await createTestApp();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
  });

  it.each([
    [
      'en-GB',
      [
        'Only these tools are on, also later: search.',
        'Not taken over: scopes.',
        'Taken as it is written: env.NOTES_KEY.',
        'Still needs a value: TRACKER_TOKEN.',
      ],
    ],
    [
      'zh-CN',
      [
        '仅启用这些工具（以后也是）：search。',
        '未采用：scopes。',
        '按原文采用：env.NOTES_KEY。',
        '仍缺少值：TRACKER_TOKEN。',
      ],
    ],
  ])('names in %s what of a config is not followed', async (locale, notes) => {
    await using visitor = await browser.visit(app.url, { locale });
    const { page } = visitor;
    await signIn(page);
    await page.goto('/ui/servers/new?from=config');
    await page.getByRole('textbox').first().fill(codex);
    for (const note of notes) await page.getByText(note).waitFor();
    await page.getByText('tracker', { exact: true }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
