import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { Pager } from '../../ui/table/pager.tsx';
import { LogDrawer } from './log-drawer.tsx';
import { LogRows } from './log-rows.tsx';
import type { AppLogSearch } from './search.ts';
import { Sections } from './sections.tsx';
import type { LogEntry } from './types.ts';

const pageSize = 50;
/** What is noted of calls, then of what is done to apps, tokens and templates. */
const actions = [
  'tools/call',
  'create_app',
  'update_app',
  'delete_app',
  'create_token',
  'update_token',
  'update_token_apps',
  'delete_token',
  'update_prompt',
] as const;

function Clear() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const clear = useMutation(
    trpc.apps.clearLogs.mutationOptions({
      onSuccess: ({ removed }) => toast.ok(t('apps.log.cleared', { count: removed })),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.apps.logs.pathFilter()),
    }),
  );
  async function ask() {
    const question = { title: t('apps.log.clearTitle'), body: t('apps.log.clearBody'), action: t('apps.log.clear') };
    if (await confirm(question)) clear.mutate({});
  }
  return (
    <Button busy={clear.isPending} icon={<Trash2 aria-hidden className="size-4" />} onClick={() => void ask()}>
      {t('apps.log.clear')}
    </Button>
  );
}

function Filters() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { action, app } = useSearch({ from: '/simulator/log' });
  const navigate = useNavigate({ from: '/simulator/log' });
  const apps = useQuery(trpc.apps.list.queryOptions());
  function go(change: { action?: string | undefined; app?: string | undefined }) {
    void navigate({ search: (old: AppLogSearch) => ({ ...old, ...change, page: undefined }) });
  }
  return (
    <div className="flex flex-wrap gap-2 border-b border-line px-4 py-3">
      <FilterSelect
        label={t('apps.log.what')}
        any={t('apps.log.anything')}
        value={actions.find((each) => each === action)}
        options={actions.map((value) => ({ value, text: t(`apps.log.actions.${value}`) }))}
        onChange={(next) => go({ action: next === '' ? undefined : next })}
      />
      <FilterSelect
        label={t('apps.one')}
        any={t('apps.log.anyApp')}
        value={app}
        options={(apps.data ?? []).map(({ id, category, name }) => ({ value: id, text: `${category}/${name}` }))}
        onChange={(next) => go({ app: next === '' ? undefined : next })}
      />
    </div>
  );
}

/** What was done to apps and tokens, and what they were called with. */
export function LogPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const { action, app, page = 1 } = useSearch({ from: '/simulator/log' });
  const navigate = useNavigate({ from: '/simulator/log' });
  const [shown, setShown] = useState<LogEntry>();
  const filter = { ...(action !== undefined && { action }), ...(app !== undefined && { app }) };
  const logs = useQuery(
    trpc.apps.logs.queryOptions(
      { page, limit: pageSize, ...filter },
      { placeholderData: keepPreviousData, refetchInterval: page === 1 ? 5_000 : false },
    ),
  );
  const isFiltered = action !== undefined || app !== undefined;
  return (
    <Page
      title={t('apps.section.log')}
      lead={t(me?.can.readSimulator ? 'apps.log.lead' : 'apps.log.leadOwn')}
      actions={me?.can.configureSimulator && <Clear />}
    >
      <Sections />
      {logs.isError && !logs.data ? (
        <LoadFailed title={t('apps.log.loadFailed')} error={logs.error} onRetry={() => void logs.refetch()} />
      ) : (
        <>
          <Card flush>
            <Filters />
            <LogRows
              label={t('apps.section.log')}
              entries={logs.data?.items}
              none={t(isFiltered ? 'apps.log.noMatch' : 'apps.log.none')}
              onShow={setShown}
            />
          </Card>
          {logs.data && (
            <Pager
              page={page}
              size={pageSize}
              total={logs.data.total}
              label={t('apps.log.total', { count: logs.data.total })}
              onPage={(next) =>
                void navigate({ search: (old: AppLogSearch) => ({ ...old, page: next === 1 ? undefined : next }) })
              }
            />
          )}
        </>
      )}
      <LogDrawer entry={shown} onClose={() => setShown(undefined)} />
    </Page>
  );
}
