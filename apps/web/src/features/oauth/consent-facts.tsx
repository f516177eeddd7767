import { useTranslation } from 'react-i18next';
import type { ConsentRequest } from '../../lib/api-types.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Fact, Facts } from '../../ui/layout/card.tsx';

/** Who asks, for which endpoint, and where the answer goes. Nothing of it is shown as a link: the program wrote it. */
export function ConsentFacts({ request }: { request: ConsentRequest }) {
  const { t } = useTranslation();
  const { client, endpoint, redirect } = request;
  const isDocument = client.kind === 'metadata-document';
  return (
    <div className="flex flex-col gap-4">
      <Facts>
        <Fact name={t('oauth.program')}>
          <span className="font-medium">{client.name}</span>
          {client.host !== null && <span className="block font-mono text-xs text-ink-3">{client.host}</span>}
        </Fact>
        <Fact name={t('oauth.reaches')}>
          {endpoint.title ?? t('common.allServers')}
          <code className="block font-mono text-xs break-all text-ink-3">{endpoint.url}</code>
        </Fact>
        <Fact name={t('oauth.goesTo')}>
          <span className="font-medium">{redirect.isLoopback ? t('oauth.thisComputer') : redirect.host}</span>
          <code className="block font-mono text-xs break-all text-ink-3">{redirect.uri}</code>
        </Fact>
      </Facts>
      {!isDocument && (
        <Callout tone="warn" title={t('oauth.unproven')}>
          {t('oauth.unprovenHint')}
        </Callout>
      )}
      {isDocument && redirect.isLoopback && (
        <Callout tone="warn" title={t('oauth.anyProgram')}>
          {t('oauth.anyProgramHint', { host: client.host })}
        </Callout>
      )}
    </div>
  );
}
