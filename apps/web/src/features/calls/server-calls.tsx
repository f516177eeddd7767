import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../lib/api-types.ts';
import { useServer } from '../../lib/server-context.ts';
import { Card } from '../../ui/layout/card.tsx';
import { CallDrawer } from './call-drawer.tsx';
import { CallsList } from './calls-list.tsx';
import { useCalls } from './use-calls.ts';

/** The latest calls of one server. */
export function ServerCalls() {
  const serverId = useServer().id;
  const { t } = useTranslation();
  const [shown, setShown] = useState<CallRecord | null>(null);
  const list = useCalls({ server: serverId });
  return (
    <Card
      flush
      title={t('calls.latest')}
      actions={
        <Link
          to="/calls"
          search={{ server: serverId }}
          className="text-sm font-medium text-accent-text hover:underline"
        >
          {t('call.all')}
        </Link>
      }
    >
      <CallsList of={list} ofOneServer filtered={false} onShow={setShown} />
      <CallDrawer id={shown?.id} known={shown ?? undefined} onClose={() => setShown(null)} />
    </Card>
  );
}
