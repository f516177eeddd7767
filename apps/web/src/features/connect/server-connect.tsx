import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import type { ClientId } from '../../lib/snippets.ts';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { ConnectPanel } from './connect-panel.tsx';

/** Connecting to one server, or to all of them at once. */
export function ServerConnect() {
  const server = useServer();
  const { t } = useTranslation();
  const [scope, setScope] = useState<'one' | 'all'>('one');
  const [client, setClient] = useState<ClientId>('claude-code');
  return (
    <Card className="max-w-4xl">
      <div className="mb-5">
        <Segmented
          label={t('connect.what')}
          value={scope}
          onChange={setScope}
          options={[
            { value: 'one', label: t('connect.only', { name: server.name }) },
            { value: 'all', label: t('common.allServers') },
          ]}
        />
      </div>
      <ConnectPanel server={scope === 'one' ? server : null} client={client} onClient={setClient} />
    </Card>
  );
}
