import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { KeysTable } from './keys-table.tsx';

/** The keys of whoever looks. */
export function MyKeys() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const userId = me?.user?.id;
  const [creating, setCreating] = useState(false);
  const keys = useQuery(
    trpc.keys.list.queryOptions(userId === undefined ? {} : { userId }, { enabled: userId !== undefined }),
  );
  return (
    <Card
      flush
      title={t('keys.mine')}
      actions={
        <Button size="sm" onClick={() => setCreating(true)}>
          {t('keys.create')}
        </Button>
      }
    >
      {keys.isError && !keys.data ? (
        <div className="p-4">
          <LoadFailed title={t('keys.loadFailed')} error={keys.error} onRetry={() => void keys.refetch()} />
        </div>
      ) : (
        <KeysTable keys={keys.data} withOwner={false} onCreate={() => setCreating(true)} />
      )}
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
    </Card>
  );
}
