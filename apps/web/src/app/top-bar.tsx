import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleUser, Languages, LogOut, Menu as MenuIcon, Monitor, Moon, Search, Sun } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../lib/api-types.ts';
import { applyTheme, remember, themeChoice, type ThemeChoice } from '../lib/preferences.ts';
import { useTRPC } from '../lib/trpc.ts';
import { IconButton } from '../ui/form/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '../ui/layout/menu.tsx';
import { languages, setLanguage, type Language } from './i18n.ts';

function LanguageMenu() {
  const { t, i18n } = useTranslation();
  return (
    <Menu
      label={t('shell.language')}
      trigger={
        <IconButton label={t('shell.language')}>
          <Languages aria-hidden className="size-4" />
        </IconButton>
      }
    >
      <MenuChoice
        label={t('shell.language')}
        value={i18n.language}
        onChange={(code) => void setLanguage(code as Language)}
        options={languages.map(({ code, name }) => ({ value: code, label: name }))}
      />
    </Menu>
  );
}

function ThemeMenu() {
  const { t } = useTranslation();
  const [theme, setTheme] = useState(themeChoice);
  const Icon = theme === 'light' ? Sun : theme === 'dark' ? Moon : Monitor;
  function choose(next: ThemeChoice) {
    setTheme(next);
    remember('theme', next);
    applyTheme(next);
  }
  return (
    <Menu
      label={t('shell.theme')}
      trigger={
        <IconButton label={t('shell.theme')}>
          <Icon aria-hidden className="size-4" />
        </IconButton>
      }
    >
      <MenuChoice
        label={t('shell.theme')}
        value={theme}
        onChange={(value) => choose(value as ThemeChoice)}
        options={[
          { value: 'light', label: t('shell.light'), icon: <Sun /> },
          { value: 'dark', label: t('shell.dark'), icon: <Moon /> },
          { value: 'system', label: t('shell.system'), icon: <Monitor /> },
        ]}
      />
    </Menu>
  );
}

function AccountMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const signOut = useMutation(
    trpc.auth.logout.mutationOptions({
      onSettled: async () => {
        queryClient.removeQueries({ predicate: (query) => JSON.stringify(query.queryKey[0]) !== '["auth","me"]' });
        await queryClient.invalidateQueries(trpc.auth.me.pathFilter());
      },
    }),
  );
  const navigate = useNavigate();
  const name = me.user?.username ?? '';
  return (
    <Menu
      label={t('shell.account')}
      trigger={
        <button
          type="button"
          aria-label={t('shell.accountOf', { name })}
          className="ml-1 grid size-8 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent-text uppercase"
        >
          {name.slice(0, 1)}
        </button>
      }
    >
      <MenuLabel>
        <span className="block text-base font-medium text-ink">{name}</span>
        {me.authMode === 'open' ? t('shell.openMode') : t(`role.${me.user?.role ?? 'user'}`)}
      </MenuLabel>
      {me.authMode !== 'open' && (
        <>
          <MenuLine />
          <MenuItem icon={<CircleUser />} onSelect={() => void navigate({ to: '/account' })}>
            {t('common.account')}
          </MenuItem>
          <MenuItem icon={<LogOut />} onSelect={() => signOut.mutate()}>
            {t('shell.signOut')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

interface TopBarProps {
  me: Me;
  onSearch: () => void;
  onMenu: () => void;
}

export function TopBar({ me, onSearch, onMenu }: TopBarProps) {
  const { t } = useTranslation();
  const mac = /mac|iphone|ipad/i.test(navigator.userAgent);
  return (
    <header className="sticky top-0 z-30 flex h-14 items-center gap-1 border-b border-line bg-page/92 px-3 backdrop-blur-sm sm:px-5">
      <IconButton label={t('shell.menu')} onClick={onMenu} className="md:hidden">
        <MenuIcon aria-hidden className="size-5" />
      </IconButton>
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts={mac ? 'Meta+K' : 'Control+K'}
        className="flex h-9 w-full max-w-sm min-w-0 items-center gap-2.5 rounded-md border border-line bg-surface px-3 text-ink-3 transition-colors hover:border-line-strong hover:text-ink-2"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="truncate">{t('shell.search')}</span>
        <kbd className="ml-auto hidden rounded-sm border border-line bg-sunken px-1.5 font-sans text-2xs sm:block">
          {mac ? '⌘ K' : 'Ctrl K'}
        </kbd>
      </button>
      <div className="ml-auto flex items-center gap-0.5">
        <LanguageMenu />
        <ThemeMenu />
        <AccountMenu me={me} />
      </div>
    </header>
  );
}
