import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { chosenEngine, engineLooks } from '../lib/chosen-engine.ts';
import { useEngineName } from '../lib/engine-search.ts';
import { useTRPC } from '../lib/trpc.ts';
import { useInstance } from '../lib/use-instance.ts';
import { Status } from '../ui/feedback/status.tsx';
import { Select } from '../ui/form/input.tsx';
import { Page } from '../ui/layout/page.tsx';
import { linkTab, tabList } from '../ui/layout/tabs.tsx';
import { useShownTab } from '../ui/layout/use-shown-tab.ts';
import { navigationFor } from './navigation.ts';

/** Which engine the page is about; a choice where there are several. */
function EnginePicker() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const name = useEngineName();
  const engines = useQuery(trpc.engines.list.queryOptions());
  const engine = chosenEngine(engines.data, name);
  if (!engine || !engines.data) return <span className="h-8" />;
  const state = <Status {...engineLooks[engine.state.phase]} label={t(`engine.phase.${engine.state.phase}`)} />;
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      {state}
      {engines.data.length > 1 ? (
        <Select
          compact
          className="min-w-40"
          aria-label={t('engine.choose')}
          value={engine.name}
          onChange={({ target: { value } }) => {
            const next = engines.data.find((each) => each.name === value);
            void navigate({ to: '.', search: next && !next.isDefault ? { engine: next.name } : {} });
          }}
        >
          {engines.data.map((each) => (
            <option key={each.name} value={each.name}>
              {each.name}
            </option>
          ))}
        </Select>
      ) : (
        <span className="font-mono text-ink-3">{engine.name}</span>
      )}
    </div>
  );
}

/** The lists of what is on an engine, one beside the other. */
export function SectionsLayout() {
  const { t } = useTranslation();
  const engine = useEngineName();
  const path = useRouterState({ select: (state) => state.location.pathname.replace(/\/$/, '') });
  const strip = useShownTab(path);
  const { me } = useInstance();
  const sections = me ? navigationFor('engine', me) : [];
  const shown = sections.find(({ to }) => path === to) ?? sections[0];
  if (!shown) return null;
  return (
    <Page title={t(shown.label)} lead={t(shown.lead)} actions={<EnginePicker />}>
      <nav ref={strip} aria-label={t('engine.sections')} className={`${tabList} mb-6`}>
        {sections.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            search={{ engine }}
            activeOptions={{ exact: true, includeSearch: false }}
            className={linkTab}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </Page>
  );
}
