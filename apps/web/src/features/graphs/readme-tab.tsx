import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Markdown } from '../../ui/markdown/markdown.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
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
