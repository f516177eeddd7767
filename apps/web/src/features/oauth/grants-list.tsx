import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';

interface GrantsListProps<Item> {
  /** What was asked for. */
  query: {
    data: Item[] | undefined;
    error: unknown;
    isPending: boolean;
    refetch: () => Promise<unknown>;
  };
  /** What is shown where there is none. */
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

/** The programs of one card: on their way, not loaded, none, or one below the other. */
export function GrantsList<Item>({ query, empty, children }: GrantsListProps<Item>) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = query;
  if (isPending) return <SkeletonRows rows={2} className="h-16" />;
  if (!data) {
    return (
      <div className="p-4">
        <LoadFailed title={t('oauth.grantsFailed')} error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  return data.length === 0 ? empty : <ul>{data.map(children)}</ul>;
}
