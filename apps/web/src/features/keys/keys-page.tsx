import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { KeysTable } from './keys-table.tsx';

export function KeysPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const [creating, setCreating] = useState(false);
  const [query, setQuery] = useState('');
  const keys = useQuery(trpc.keys.list.queryOptions({}));
  function fits(text: string) {
    return text.toLowerCase().includes(query.trim().toLowerCase());
  }
  const shown = keys.data?.filter((key) => fits(`${key.name} ${key.prefix} ${key.username}`));
  return (
    <Page
      title={t('keys.title')}
      lead={t('keys.lead')}
      actions={
        <>
          <Link to="/access" className={buttonClass()}>
            {t('common.accessTable')}
          </Link>
          <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setCreating(true)}>
            {t('keys.create')}
          </Button>
        </>
      }
    >
      {keys.isError && !keys.data ? (
        <LoadFailed title={t('keys.loadFailed')} error={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <Card flush>
          {(keys.data?.length ?? 0) > 0 && (
            <div className="border-b border-line px-4 py-3">
              <SearchInput className="w-full sm:w-64" label={t('keys.search')} value={query} onChange={setQuery} />
            </div>
          )}
          <KeysTable keys={shown} withOwner={me?.can.listUsers === true} onCreate={() => setCreating(true)} />
        </Card>
      )}
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}
