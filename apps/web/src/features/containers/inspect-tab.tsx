import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Json } from '../../ui/text/code.tsx';
import { useContainer } from './container-context.ts';

/** Everything that the engine says about the container. */
export function InspectTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const engine = useEngineName();
  const { id, name } = useContainer();
  const inspect = useQuery(trpc.containers.inspect.queryOptions({ engine, id }));
  if (inspect.isPending) return <Skeleton className="h-96 rounded-lg" />;
  if (inspect.isError && !inspect.data) {
    return (
      <EngineFailed title={t('containers.loadFailed')} error={inspect.error} onRetry={() => void inspect.refetch()} />
    );
  }
  return <Json value={inspect.data} label={t('containers.inspectOf', { name })} />;
}
