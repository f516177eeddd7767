import { useTranslation } from 'react-i18next';
import type { ConsentRequest } from '../../lib/api-types.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Fact, Facts } from '../../ui/layout/card.tsx';
import { isThere } from './consent-draft.ts';
import { useScopeWords } from './use-scope-words.ts';

/** Who asks, for which endpoint, and where the answer goes. Nothing of it is shown as a link: the program wrote it. */
export function ConsentFacts({ request }: { request: ConsentRequest }) {
  const { t } = useTranslation();
  const { client, endpoint, redirect, has } = request;
  const wordsOf = useScopeWords();
  const places = [...(has?.bounds.servers ?? []), ...(has?.bounds.tools ?? [])];
  const isLocal = redirect.isLoopback || redirect.scheme !== null;
  const isDocument = client.kind === 'metadata-document';
  return (
    <div className="flex flex-col gap-4">
      <Facts>
        <Fact name={t('oauth.program')}>
          <span className="font-medium">{client.name}</span>
          {client.host !== null && <span className="block font-mono text-xs text-ink-3">{client.host}</span>}
        </Fact>
        <Fact name={t('oauth.reaches')}>
          {endpoint.slug === null ? t('common.allServers') : (endpoint.title ?? t('oauth.notThere'))}
          <code className="block font-mono text-xs break-all text-ink-3">{endpoint.url}</code>
        </Fact>
        <Fact name={t('oauth.goesTo')}>
          <span className="font-medium">{isLocal ? t('oauth.thisComputer') : redirect.host}</span>
          {redirect.scheme !== null && (
            <span className="block text-sm">{t('oauth.ofScheme', { scheme: redirect.scheme })}</span>
          )}
          <code className="block font-mono text-xs break-all text-ink-3">{redirect.uri}</code>
        </Fact>
        {has && (
          <Fact name={t('oauth.hasAlready')}>
            {has.scopes.map((scope) => wordsOf(scope).label).join(', ')}
            {places.length > 0 && <code className="block font-mono text-xs break-all">{places.join(', ')}</code>}
            <span className="block text-xs text-ink-3">{t('oauth.hasAlreadyHint')}</span>
          </Fact>
        )}
      </Facts>
      {!isThere(request) && (
        <Callout tone="bad" title={t('oauth.notThere')}>
          {t('oauth.notThereHint')}
        </Callout>
      )}
      {!isDocument && (
        <Callout tone="warn" title={t('oauth.unproven')}>
          {t('oauth.unprovenHint')}
        </Callout>
      )}
      {isDocument && isLocal && (
        <Callout tone="warn" title={t('oauth.anyProgram')}>
          {t('oauth.anyProgramHint', { host: client.host })}
        </Callout>
      )}
    </div>
  );
}
