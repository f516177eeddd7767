import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGroup } from '../../lib/group-context.ts';
import type { ClientId } from '../../lib/snippets.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Card } from '../../ui/layout/card.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { ConnectPanel } from './connect-panel.tsx';

/** Connecting to what a group gives its members. */
export function GroupConnect() {
  const { id, displayName } = useGroup();
  const { t } = useTranslation();
  const { base } = useInstance();
  const [client, setClient] = useState<ClientId>('claude-code');
  return (
    <Card className="max-w-4xl">
      <p className="mb-4 text-ink-2">{t('connect.groupHint')}</p>
      <ConnectPanel server={{ id, name: displayName }} client={client} onClient={setClient} />
      <p className="mt-5 flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line pt-4 text-sm text-ink-3">
        {t('common.endpointSse')}
        <CopyText text={`${base}/sse/${id}`} />
      </p>
    </Card>
  );
}
