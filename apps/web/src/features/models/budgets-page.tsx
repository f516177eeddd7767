import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { ChangeBudget, NewBudget } from './budget-dialog.tsx';
import { inOrder, type Budget } from './budget-draft.ts';
import { BudgetsTable, useBudgetName } from './budgets-table.tsx';
import { ModelSections } from './model-sections.tsx';
import { UseCard } from './use-card.tsx';

/** What people and keys may use of models, and what was used. */
export function BudgetsPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const nameOf = useBudgetName();
  const [edited, setEdited] = useState<Budget | 'new' | null>(null);
  const budgets = useQuery(trpc.models.budgets.queryOptions({}));
  const keys = useQuery(trpc.keys.list.queryOptions({}));
  const shown = useMemo(() => budgets.data && inOrder(budgets.data), [budgets.data]);
  const ofPeople = me?.user?.role === 'admin';
  const hasNone = !ofPeople && keys.data?.length === 0;
  return (
    <Page
      title={t('models.budgets.title')}
      lead={t(hasNone ? 'models.budgets.noKeys' : ofPeople ? 'models.budgets.lead' : 'models.budgets.leadOwn')}
      actions={
        <Button
          look="primary"
          disabled={me === undefined || hasNone}
          icon={<Plus aria-hidden className="size-4" />}
          onClick={() => setEdited('new')}
        >
          {t('models.budgets.add')}
        </Button>
      }
    >
      <ModelSections />
      <div className="flex flex-col gap-6">
        {budgets.isError && !budgets.data ? (
          <LoadFailed
            title={t('models.budgets.loadFailed')}
            error={budgets.error}
            onRetry={() => void budgets.refetch()}
          />
        ) : (
          <Card flush title={t('models.budgets.list')}>
            <BudgetsTable budgets={shown} ofPeople={ofPeople} onChange={setEdited} />
          </Card>
        )}
        <UseCard />
      </div>
      {edited === 'new' && <NewBudget keys={keys.data ?? []} ofPeople={ofPeople} onClose={() => setEdited(null)} />}
      {edited !== null && edited !== 'new' && (
        <ChangeBudget budget={edited} name={nameOf(edited)} onClose={() => setEdited(null)} />
      )}
    </Page>
  );
}
