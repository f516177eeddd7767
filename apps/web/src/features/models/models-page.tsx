import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { ModelDialog } from './model-dialog.tsx';
import type { Model } from './model-draft.ts';
import { ModelSections } from './model-sections.tsx';
import { ModelsTable } from './models-table.tsx';

export function ModelsPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const [edited, setEdited] = useState<Model | 'new' | null>(null);
  const models = useQuery(trpc.models.list.queryOptions());
  return (
    <Page
      title={t('models.title')}
      lead={t('models.lead')}
      actions={
        me?.can.createModel === true && (
          <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setEdited('new')}>
            {t('models.add')}
          </Button>
        )
      }
    >
      <ModelSections />
      {models.isError && !models.data ? (
        <LoadFailed title={t('models.loadFailed')} error={models.error} onRetry={() => void models.refetch()} />
      ) : (
        <Card flush>
          <ModelsTable models={models.data} onEdit={setEdited} />
        </Card>
      )}
      {edited !== null && (
        <ModelDialog
          key={edited === 'new' ? '' : edited.id}
          stored={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Page>
  );
}
