import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium as engine, type Browser, type BrowserContextOptions, type Page, type Request } from 'playwright-core';
import { adminPassword } from '../support/app.ts';

/** Path of an installed Chromium or Chrome; null where there is none. Without the parts of a window it needs less CPU. */
function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return existsSync(named) ? named : null;
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'chrome',
  ];
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((directory) => directory !== '')
    .flatMap((directory) => names.map((name) => path.join(directory, name)));
  const known = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  return [...onPath, ...known].find((file) => existsSync(file)) ?? null;
}

export const chromium = findChromium();

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Visitor extends AsyncDisposable {
  page: Page;
  /** Another tab of the same browser. */
  tab(): Promise<Page>;
  /** What a person would find in the browser's console: errors, refused content, failed scripts. */
  complaints: string[];
}

export interface TestBrowser extends AsyncDisposable {
  visit(url: string, options?: BrowserContextOptions): Promise<Visitor>;
}

function listen(page: Page, complaints: string[]): Page {
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => complaints.push(`${error.name}: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is told by the page itself, and Chromium logs it besides.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  return page;
}

async function visit(browser: Browser, url: string, options: BrowserContextOptions): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-US',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  const complaints: string[] = [];
  const page = listen(await context.newPage(), complaints);
  return {
    page,
    complaints,
    tab: async () => listen(await context.newPage(), complaints),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

let launched: Promise<Browser> | undefined;

/**
 * A real browser without a window: one for all files of a test worker, and it ends with the worker. Visitors share
 * nothing, each has a context of its own; what the file left open is closed.
 */
export async function openBrowser(): Promise<TestBrowser> {
  launched ??= engine.launch({ executablePath: chromium ?? '', args: flags });
  const browser = await launched;
  if (!browser.isConnected()) {
    launched = undefined;
    return openBrowser();
  }
  return {
    visit: (url, options = {}) => visit(browser, url, options),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
  };
}

/** Signs in without the form, for journeys that are about something else. */
export async function signIn(page: Page): Promise<void> {
  const data = { username: 'admin', password: adminPassword };
  const answer = await page.request.post('/trpc/auth.login', { data });
  if (!answer.ok()) throw new Error(`Signing in failed: ${await answer.text()}`);
}

/** What a page says of its router while it is there. */
interface Routed {
  __TSR_ROUTER__: {
    history: { push(address: string): void; location: { href: string } };
    state: { status: string; resolvedLocation?: { publicHref: string } };
  };
}

/**
 * Goes to another address as the page's own links do, and waits until it is shown: to load the page anew takes four
 * times the CPU. What was loaded stays, and so does the page's memory.
 */
export async function walk(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => (globalThis as unknown as Routed).__TSR_ROUTER__.history.push(to), address);
  await page.waitForFunction(() => {
    const { history, state } = (globalThis as unknown as Routed).__TSR_ROUTER__;
    return state.status === 'idle' && state.resolvedLocation?.publicHref === history.location.href;
  });
  await page.locator('main h1, main p').filter({ visible: true }).first().waitFor();
}

/** Opens a page and waits until it shows something; where it stays empty, says what it waited for. */
export async function open(page: Page, address: string): Promise<void> {
  const waiting = new Set<string>();
  function begin(request: Request) {
    void waiting.add(request.url());
  }
  function end(request: Request) {
    void waiting.delete(request.url());
  }
  page.on('request', begin).on('requestfinished', end).on('requestfailed', end);
  try {
    await page.goto(address, { waitUntil: 'load' });
    await page.locator('main h1, main p').filter({ visible: true }).first().waitFor();
  } catch (error) {
    const text = await page.evaluate(() => document.body.innerText.slice(0, 500));
    throw new Error(`${address} shows "${text}" and waits for ${[...waiting].join(', ')}`, { cause: error });
  } finally {
    page.off('request', begin).off('requestfinished', end).off('requestfailed', end);
  }
}
