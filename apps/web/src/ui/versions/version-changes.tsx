import { useTranslation } from 'react-i18next';
import type { StackDiff } from '../../lib/api-types.ts';
import { TextDiff } from '../editor/text-diff.tsx';
import { LoadFailed } from '../feedback/load-failed.tsx';
import { Skeleton } from '../feedback/skeleton.tsx';

interface VersionChangesProps {
  query: { isError: boolean; error: unknown; refetch: () => unknown };
  /** The texts that were compared; null while they are not there yet. */
  texts: readonly { name: string; diff: StackDiff['content'] }[] | null;
  /** Secrets that another value was given, by name. */
  changedValues?: readonly string[];
}

/** What is other in the second of two versions. */
export function VersionChanges({ query, texts, changedValues = [] }: VersionChangesProps) {
  const { t } = useTranslation();
  if (query.isError) {
    return <LoadFailed title={t('versions.diffFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!texts) return <Skeleton className="h-40 rounded-md" />;
  return (
    <>
      {texts.map(({ name, diff }) => (
        <TextDiff key={name} name={name} diff={diff} />
      ))}
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
