import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alone, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { noTools } from './settings.ts';
import { suggestionsFor } from './suggestions.ts';
import type { ChatSettings } from './use-settings.ts';

/** What a new conversation can begin with. */
export function Welcome({ settings: of, onSuggest }: { settings: ChatSettings; onSuggest: (text: string) => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const { model, settings, servers, change } = of;
  const chosen = settings?.chosen ?? noTools;
  const tools = useQuery(trpc.conversations.tools.queryOptions(chosen, { trpc: alone, enabled: settings !== null }));
  const isDemo = model?.builtIn === true;
  const offered = tools.data ?? [];
  const hasChosen = chosen.servers.length > 0 || chosen.groups.length > 0;
  const others = servers.filter(({ id, desired }) => desired === 'on' && !chosen.servers.includes(id)).slice(0, 4);
  return (
    <div className="flex flex-col items-center gap-5 py-10 text-center">
      <div>
        <p className="text-xl font-semibold">{t('conversations.welcome')}</p>
        <p className="mx-auto mt-1 max-w-lg text-ink-3">
          {t(isDemo ? 'conversations.welcomeDemo' : 'conversations.welcomeHint')}
        </p>
      </div>
      <ul aria-label={t('conversations.suggestions')} className="flex max-w-2xl flex-wrap justify-center gap-2">
        {suggestionsFor(offered, isDemo, t('conversations.askTools')).map((text) => (
          <li key={text} className="max-w-full">
            <Button className="max-w-full" onClick={() => onSuggest(text)}>
              <span className="truncate">{text}</span>
            </Button>
          </li>
        ))}
      </ul>
      {!hasChosen && settings && others.length > 0 && (
        <div className="flex flex-col items-center gap-2">
          <p className="text-sm text-ink-3">{t('conversations.noToolsYet')}</p>
          <div className="flex flex-wrap justify-center gap-2">
            {others.map(({ id, name }) => (
              <Button
                key={id}
                size="sm"
                onClick={() => change({ ...settings, chosen: { ...chosen, servers: [...chosen.servers, id] } })}
              >
                {t('conversations.useServer', { name })}
              </Button>
            ))}
          </div>
        </div>
      )}
      {me?.adminsReadConversations === true && <p className="text-sm text-ink-3">{t('conversations.others.notice')}</p>}
      {servers.length === 0 && (
        <Link to="/servers/new" className={buttonClass('secondary', 'sm')}>
          {t('conversations.addServer')}
        </Link>
      )}
    </div>
  );
}
