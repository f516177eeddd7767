import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ForcedPasswordPage } from '../features/session/forced-password-page.tsx';
import { SignInPage } from '../features/session/sign-in-page.tsx';
import type { Me } from '../lib/api-types.ts';
import { LiveProvider } from '../lib/live/live.tsx';
import { useTRPC } from '../lib/trpc.ts';
import { Sheet } from '../ui/layout/dialog.tsx';
import { Banner } from './banner.tsx';
import { CommandPalette } from './command-palette.tsx';
import { DatabaseAway } from './database-away.tsx';
import { Unreachable } from './error-page.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';

function Frame({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const section = path.split('/').slice(0, 3).join('/');
  const shownSection = useRef(section);

  useEffect(() => {
    // A new page is told to screen readers by moving the focus to it, as a full page load would.
    if (shownSection.current !== section) main.current?.focus({ preventScroll: true });
    shownSection.current = section;
  }, [section]);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey) return;
      event.preventDefault();
      setPalette((open) => !open);
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        {t('shell.skip')}
      </a>
      <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 border-r border-line bg-surface md:block">
        <Rail me={me} />
      </aside>
      <Sheet open={menu} onClose={() => setMenu(false)} shape="left" label={t('shell.menu')}>
        <Rail me={me} onNavigate={() => setMenu(false)} />
      </Sheet>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar me={me} onSearch={() => setPalette(true)} onMenu={() => setMenu(true)} />
        <main ref={main} id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      <CommandPalette me={me} open={palette} onClose={() => setPalette(false)} />
    </div>
  );
}

/** The page, below what everybody should read and a note where its database is away. */
export function Shell() {
  return (
    <>
      <DatabaseAway />
      <Banner />
      <Inside />
    </>
  );
}

/** Shows the page to whoever is signed in, and the sign-in form to others; the address stays the same. */
function Inside() {
  const trpc = useTRPC();
  const me = useQuery(trpc.auth.me.queryOptions(undefined, { staleTime: 60_000 }));
  const isQuestion = useRouterState({ select: ({ location }) => location.pathname.startsWith('/oauth/') });
  if (me.data === undefined)
    return me.isError ? <Unreachable error={me.error} onRetry={() => void me.refetch()} /> : null;
  if (me.data.user === null) {
    return (
      <SignInPage instance={me.data.appearance.name ?? me.data.instance.name} canRegister={me.data.allowRegistration} />
    );
  }
  if (me.data.mustChangePassword) return <ForcedPasswordPage username={me.data.user.username} />;
  // What a program asks is decided alone on its page: nothing around it leads elsewhere.
  if (isQuestion) return <Outlet />;
  return (
    <LiveProvider key={me.data.user.id}>
      <Frame me={me.data} />
    </LiveProvider>
  );
}
