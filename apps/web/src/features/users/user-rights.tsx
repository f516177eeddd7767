import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { RightsTable } from '../../ui/table/rights-table.tsx';

/** What an account may do at each server, and why. */
export function UserRights({ userId }: { userId: string }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const rights = useQuery(trpc.access.explainUser.queryOptions({ user: userId }));
  return (
    <Card flush title={t('rights.title')}>
      {rights.isError && !rights.data ? (
        <div className="p-4">
          <LoadFailed title={t('rights.loadFailed')} error={rights.error} onRetry={() => void rights.refetch()} />
        </div>
      ) : (
        <RightsTable
          label={t('rights.title')}
          servers={rights.data?.servers.filter((each) => each.read || each.because.length > 0 || each.but.length > 0)}
          empty={<Empty title={t('rights.none')}>{t('rights.noneHint')}</Empty>}
        />
      )}
    </Card>
  );
}
