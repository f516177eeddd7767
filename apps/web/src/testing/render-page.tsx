import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  type AnyRouter,
} from '@tanstack/react-router';
import { cleanup, configure, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';
import { createPageRouter } from '../app/create-router.ts';
import { setLanguage, startI18n, type Language } from '../app/i18n.ts';
import { createQueryClient, Providers } from '../app/providers.tsx';
import type { Me } from '../lib/api-types.ts';
import { LiveProvider } from '../lib/live/live.tsx';
import { createFakeApi, type Answers } from './fake-api.ts';
import { exampleMe } from './things.ts';

// A machine with other work on it answers late. What a person could read says more than the whole document.
configure({
  asyncUtilTimeout: 20_000,
  getElementError: (message) =>
    new Error(`${message?.split('\n', 1)[0] ?? 'Not found'}\n\n${document.body.textContent.slice(0, 2_000)}`),
});

interface Options {
  /** What the hub answers; a procedure that is asked for and stands not here fails the test. */
  answers?: Answers;
  /** Who is signed in; an admin where nothing is said. */
  me?: Me;
  /** The address, without the `/ui` of every page. */
  route?: string;
  language?: Language;
}

/** A router with one page at every address: what is rendered. */
function routerAround(children: ReactNode, route: string): AnyRouter {
  const root = createRootRoute({
    component: () => (
      <LiveProvider>
        <main id="main">{children}</main>
      </LiveProvider>
    ),
  });
  const everywhere = createRoute({ getParentRoute: () => root, path: '$' });
  return createRouter({
    routeTree: root.addChildren([everywhere]),
    history: createMemoryHistory({ initialEntries: [`/ui${route}`] }),
    basepath: '/ui',
  }) as AnyRouter;
}

async function show(router: AnyRouter, { answers = {}, me = exampleMe(), language = 'en' }: Options) {
  if (!i18next.isInitialized) await startI18n();
  await setLanguage(language, false);
  const api = createFakeApi({ 'auth.me': me, 'live.events': [], ...answers });
  const queryClient = createQueryClient();
  // Files of a worker share their modules and the document: whatever a test shows goes with it.
  onTestFinished(async () => {
    cleanup();
    queryClient.clear();
    localStorage.clear();
    sessionStorage.clear();
    if (language !== 'en') await setLanguage('en', false);
    const missing = api.unanswered();
    if (missing.length > 0) throw new Error(`The page asked for what the test does not answer: ${missing.join(', ')}`);
  });
  render(<Providers queryClient={queryClient} api={api.client} router={router} />);
  return {
    api,
    queryClient,
    user: userEvent.setup({ delay: null, pointerEventsCheck: 0 }),
    /** Where the page is now. */
    address: () => router.state.location.href.replace(/^\/ui/, ''),
  };
}

/** Shows a component below everything that stands around pages, with a hub that answers from a table. */
export async function renderPage(children: ReactNode, options: Options = {}) {
  const page = await show(routerAround(children, options.route ?? '/'), options);
  await screen.findByRole('main');
  return page;
}

/** Opens an address in the whole page, with its own routes and frame. */
export async function openPage(route: string, options: Omit<Options, 'route'> = {}) {
  const history = createMemoryHistory({ initialEntries: [`/ui${route}`] });
  return show(createPageRouter(history) as AnyRouter, options);
}

/** The dialog that is open. */
export async function findDialog(name: string | RegExp, role: 'dialog' | 'alertdialog' = 'dialog') {
  return within(await screen.findByRole(role, { name }));
}
