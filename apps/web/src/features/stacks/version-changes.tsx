import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextDiff } from '../../ui/text-diff.tsx';
import { useStackPage } from './stack-context.ts';

/** What is other in the second of two versions. */
export function VersionChanges({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const {
    stack: { id },
  } = useStackPage();
  // Versions do not change.
  const query = useQuery(trpc.stacks.diff.queryOptions({ id, from, to }, { staleTime: Infinity }));
  if (query.isError) {
    return <LoadFailed title={t('versions.diffFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-40 rounded-md" />;
  const { content, env, changedValues } = query.data;
  return (
    <>
      <TextDiff name={t('stacks.file')} diff={content} />
      <TextDiff name={t('stacks.env')} diff={env} />
      {changedValues.length > 0 && (
        <div className="text-sm">
          <p className="font-medium">{t('versions.changedValues')}</p>
          <p className="font-mono text-xs break-all">{changedValues.join(', ')}</p>
          <p className="text-ink-3">{t('versions.changedValuesHint')}</p>
        </div>
      )}
    </>
  );
}
