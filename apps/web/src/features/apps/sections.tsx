import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../../lib/use-instance.ts';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';
import { useShownTab } from '../../ui/layout/use-shown-tab.ts';

/** The pages of the simulator, one beside the other. */
export function Sections() {
  const { t } = useTranslation();
  const { me } = useInstance();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const strip = useShownTab(path);
  const pages = [
    { to: '/simulator', label: t('apps.section.apps') },
    ...(me?.can.createAppToken ? [{ to: '/simulator/tokens', label: t('apps.section.tokens') } as const] : []),
    ...(me?.can.readSimulator ? [{ to: '/simulator/templates', label: t('apps.section.templates') } as const] : []),
    { to: '/simulator/log', label: t('apps.section.log') },
  ] as const;
  return (
    <nav ref={strip} aria-label={t('apps.sections')} className={`${tabList} mb-6`}>
      {pages.map(({ to, label }) => (
        <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }} className={linkTab}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
