import { useQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { Sections } from './sections.tsx';
import { TemplateCard } from './template-card.tsx';

/** What models are asked with when they answer for products or make actions. */
export function TemplatesPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const prompts = useQuery(trpc.apps.prompts.list.queryOptions());
  return (
    <Page title={t('apps.section.templates')} lead={t('apps.template.lead')}>
      <Sections />
      {prompts.isError && !prompts.data && (
        <LoadFailed
          title={t('apps.template.loadFailed')}
          error={prompts.error}
          onRetry={() => void prompts.refetch()}
        />
      )}
      {prompts.isPending && <Skeleton className="h-56 rounded-lg" />}
      {prompts.data?.length === 0 && (
        <Card>
          <Empty icon={<FileText />} title={t('apps.template.none')}>
            {t('apps.template.noneHint')}
          </Empty>
        </Card>
      )}
      <div className="flex max-w-4xl flex-col gap-6">
        {prompts.data?.map((prompt) => (
          <TemplateCard key={prompt.num} prompt={prompt} />
        ))}
      </div>
    </Page>
  );
}
