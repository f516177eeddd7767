import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadFailed } from '../feedback/load-failed.tsx';
import { Skeleton } from '../feedback/skeleton.tsx';
import { VersionHistory } from './version-history.tsx';

type HistoryProps = ComponentProps<typeof VersionHistory>;

interface VersionTabProps extends Omit<HistoryProps, 'versions' | 'most'> {
  query: {
    data: Pick<HistoryProps, 'versions' | 'most'> | undefined;
    isError: boolean;
    error: unknown;
    refetch: () => unknown;
  };
}

/** A history that is still to be loaded. */
export function VersionTab({ query, ...history }: VersionTabProps) {
  const { t } = useTranslation();
  if (query.isError && !query.data) {
    return <LoadFailed title={t('versions.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-56 rounded-lg" />;
  return <VersionHistory {...query.data} {...history} />;
}
