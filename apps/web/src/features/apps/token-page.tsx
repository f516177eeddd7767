import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { TokenCalls } from './token-calls.tsx';
import { TokenForm } from './token-form.tsx';
import { TokenState } from './token-state.tsx';
import type { Token } from './types.ts';

function RemoveToken({ token }: { token: Token }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const confirm = useConfirm();
  const name = token.description || token.shown;
  const remove = useMutation(
    trpc.apps.tokens.remove.mutationOptions({
      onSuccess: async () => {
        toast.ok(t('common.deleted', { name }));
        await navigate({ to: '/simulator/tokens' });
        await queryClient.invalidateQueries(trpc.apps.tokens.pathFilter());
      },
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    }),
  );
  async function ask() {
    const question = {
      title: t('common.deleteOf', { name }),
      body: t('apps.token.removeBody'),
      action: t('common.deleteIt'),
    };
    if (await confirm(question)) remove.mutate({ id: token.id });
  }
  return (
    <Button busy={remove.isPending} icon={<Trash2 aria-hidden className="size-4" />} onClick={() => void ask()}>
      {t('apps.token.remove')}
    </Button>
  );
}

/** One token: what it may call, what it has changed, and what it called. */
export function TokenPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useParams({ from: '/simulator/tokens/$id' });
  const tokens = useQuery(trpc.apps.tokens.list.queryOptions());
  const token = tokens.data?.find((each) => each.id === id);
  const name = token ? token.description || t('apps.token.unnamed') : t('apps.token.one');
  return (
    <Page
      title={name}
      above={
        <Breadcrumb>
          <Link to="/simulator/tokens">{t('apps.section.tokens')}</Link>
        </Breadcrumb>
      }
      heading={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="wrap-anywhere">{name}</span>
          {token && !token.enabled && <Badge>{t('apps.off')}</Badge>}
        </span>
      }
      lead={token && <code className="font-mono text-sm">{token.shown}</code>}
      actions={token && <RemoveToken token={token} />}
    >
      {tokens.isError && !tokens.data && (
        <LoadFailed title={t('apps.token.loadFailed')} error={tokens.error} onRetry={() => void tokens.refetch()} />
      )}
      {tokens.isPending && <Skeleton className="h-96 rounded-lg" />}
      {tokens.data && !token && (
        <Empty
          title={t('apps.token.gone')}
          actions={
            <Link to="/simulator/tokens" className={buttonClass('secondary')}>
              {t('apps.section.tokens')}
            </Link>
          }
        >
          {t('common.serverGone')}
        </Empty>
      )}
      {token && (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <TokenForm key={token.id} token={token} />
          <div className="flex min-w-0 flex-col gap-4">
            <TokenState key={token.id} tokenId={token.id} />
            <TokenCalls token={token} />
          </div>
        </div>
      )}
    </Page>
  );
}
