import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import { createTestApp, type TestApp } from '../support/app.ts';
import { violations } from './axe.ts';
import { chromium, open, openBrowser, signIn, type TestBrowser, type Visitor } from './browser.ts';
import { box, log, saidIn, say, settled, told } from './chat-page.ts';

/** A reply that has something of everything. */
const rich =
  'Here is **one way**:\n\n1. Ask.\n2. Compare.\n\n```ts\nconst answer = ask();\n```\n\nThat is all there is.';

describe.skipIf(chromium === null)('two models in a chat (needs chromium)', () => {
  let app: TestApp;
  let browser: TestBrowser;
  let admin: Visitor;
  let page: Page;
  let provider: ScriptedProvider;
  const gate = Promise.withResolvers<void>();

  beforeAll(async () => {
    provider = await startProvider();
    provider.always((request) => {
      if (saidIn(request) === 'Which way?') return { text: rich, hold: gate.promise };
      return { text: `You said: ${saidIn(request)}` };
    });
    app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    browser = await openBrowser();
    admin = await browser.visit(app.url, { viewport: { width: 1440, height: 900 } });
    ({ page } = admin);
    await signIn(page);
    const given = { baseUrl: `${provider.url}/v1`, apiKey: 'sk-of-the-provider', visibility: 'everyone' } as const;
    await app.client().models.create.mutate({ name: 'scripted', ...given, priceIn: 3, priceOut: 15 });
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await app?.stop();
    await provider?.[Symbol.asyncDispose]();
  });

  function column(of: Page, name: string) {
    return of.getByRole('group', { name: `Answer of ${name}` });
  }

  it('answer the same side by side, each in its own time', async () => {
    await open(page, '/ui/chat');
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('demo');
    await page.getByRole('button', { name: 'Compare with a second model' }).click();
    expect(await page.getByRole('combobox', { name: 'Second model' }).inputValue()).toBe('scripted');
    await say(page, 'Which way?');
    const [left, right] = [column(page, 'demo'), column(page, 'scripted')];
    await left.getByText(/tokens in/).waitFor();
    await right.getByText('Thinking…').waitFor();
    expect(await right.getByRole('button', { name: 'Go on with this one' }).isDisabled()).toBe(true);
    gate.resolve();
    await right.getByText('That is all there is.').waitFor();
    await right.getByText(/tokens in.* cost /).waitFor();
    await settled(page);
    const [a, b] = [await left.boundingBox(), await right.boundingBox()];
    expect([a?.y, (a?.x ?? 0) + (a?.width ?? 0) < (b?.x ?? 0)]).toEqual([b?.y, true]);
    expect(await violations(page)).toEqual([]);
  });

  it('stand below each other on a phone, in the dark too', async () => {
    await using phone = await browser.visit(app.url, { colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await signIn(phone.page);
    await phone.page.goto(new URL(page.url()).pathname);
    const [left, right] = [column(phone.page, 'demo'), column(phone.page, 'scripted')];
    await right.getByText('That is all there is.').waitFor();
    const [a, b] = [await left.boundingBox(), await right.boundingBox()];
    expect([a?.x, (a?.y ?? 0) + (a?.height ?? 0) < (b?.y ?? 0)]).toEqual([b?.x, true]);
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(await violations(phone.page)).toEqual([]);
  });

  it('lead on from the one that is chosen, and the other one stays', async () => {
    await column(page, 'demo').getByText('The chat goes on from here').waitFor();
    await column(page, 'scripted').getByRole('button', { name: 'Go on with this one' }).click();
    await column(page, 'scripted').getByText('The chat goes on from here').waitFor();
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('scripted');
    await say(page, 'And then?');
    await told(page, 'You said: And then?').waitFor();
    await settled(page);
    expect(
      await log(page)
        .getByRole('group', { name: /^Answer of/ })
        .count(),
    ).toBe(0);
    const versions = page.getByRole('group', { name: 'Versions of this message' });
    await versions.getByText('2 / 2').waitFor();
    await told(page, 'That is all there is.').waitFor();
    await versions.getByRole('button', { name: 'Previous version' }).click();
    await column(page, 'demo').getByText('The chat goes on from here').waitFor();
    const said = provider.requests.flatMap(({ body }) => (JSON.stringify(body).includes('And then?') ? [body] : []));
    expect(JSON.stringify(said)).toContain('Compare.');
    expect(await box(page).inputValue()).toBe('');
  });

  it('write nothing into the console', () => {
    expect(admin.complaints).toEqual([]);
  });
});
