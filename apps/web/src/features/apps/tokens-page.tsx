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
import { NewTokenDialog } from './new-token-dialog.tsx';
import { Sections } from './sections.tsx';
import { TokensTable } from './tokens-table.tsx';

/** What programs call products with. */
export function TokensPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const [creating, setCreating] = useState(false);
  const tokens = useQuery(trpc.apps.tokens.list.queryOptions());
  return (
    <Page
      title={t('apps.section.tokens')}
      lead={t('apps.token.lead')}
      actions={
        me?.can.createAppToken && (
          <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setCreating(true)}>
            {t('apps.token.create')}
          </Button>
        )
      }
    >
      <Sections />
      {tokens.isError && !tokens.data ? (
        <LoadFailed title={t('apps.token.loadFailed')} error={tokens.error} onRetry={() => void tokens.refetch()} />
      ) : (
        <Card flush>
          <TokensTable tokens={tokens.data} withOwner={me?.can.listUsers === true} />
        </Card>
      )}
      {creating && <NewTokenDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
