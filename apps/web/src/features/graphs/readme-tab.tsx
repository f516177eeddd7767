import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Markdown } from '../../ui/markdown/markdown.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useGraph } from './graph-context.ts';

/** What the graph is, as its README says it. */
export function ReadmeTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useGraph();
  const query = useQuery(trpc.graphs.readme.queryOptions({ id }));
  if (query.isError && !query.data) {
    return <LoadFailed title={t('graphs.readme.failed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  const text = query.data?.readme;
  return (
    <Card title="README.md" actions={text !== undefined && <CopyButton text={text} />}>
      {text === undefined ? <SkeletonRows rows={6} /> : <Markdown text={text} />}
    </Card>
  );
}
