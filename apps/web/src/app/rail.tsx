import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Me } from '../lib/api-types.ts';
import { useLiveState } from '../lib/live/live.tsx';
import { Status } from '../ui/feedback/status.tsx';
import { Logo } from '../ui/logo.tsx';
import { navigationFor } from './navigation.ts';

function LiveMark() {
  const { t } = useTranslation();
  const state = useLiveState();
  if (state === 'open') return <Status shape="disc" tone="ok" label={t('shell.live')} />;
  if (state === 'connecting') return <Status shape="half" tone="idle" label={t('shell.connecting')} />;
  return <Status shape="triangle" tone="warn" label={t('shell.lost')} />;
}

interface RailProps {
  me: Me;
  onNavigate?: () => void;
}

export function Rail({ me, onNavigate }: RailProps) {
  const { t } = useTranslation();
  return (
    <div className="flex h-full flex-col">
      <Link to="/" onClick={onNavigate} className="mx-3 mt-3.5 mb-5 flex items-center gap-2.5 rounded-md px-2 py-1">
        <Logo mark={me.appearance.mark} />
        <span className="min-w-0 truncate text-lg font-semibold tracking-tight">
          {me.appearance.name ?? 'Switchboard'}
        </span>
      </Link>
      <nav aria-label={t('shell.navigation')} className="flex-1 overflow-y-auto px-3">
        <ul className="flex flex-col gap-0.5">
          {navigationFor('rail', me).map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                onClick={onNavigate}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                className="group flex h-9 items-center gap-3 rounded-md px-2.5 font-medium text-ink-2 transition-colors hover:bg-hover hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent-text"
              >
                <Icon aria-hidden className="size-[1.125rem] shrink-0" strokeWidth={1.75} />
                {t(label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex items-center justify-between gap-2 border-t border-line px-5 py-3 text-xs text-ink-3">
        <LiveMark />
        <span className="font-mono">v{me.instance.version}</span>
      </div>
    </div>
  );
}
