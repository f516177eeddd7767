import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Pencil, Plus, Send, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookDialog, type Shown } from './webhook-dialog.tsx';

function Row({ webhook, onEdit, onShow }: { webhook: Shown; onEdit: () => void; onShow: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const common = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.webhooks.pathFilter()),
  };
  const test = useMutation(
    trpc.webhooks.test.mutationOptions({
      ...common,
      onSuccess: ({ state, error }) =>
        state === 'delivered'
          ? toast.ok(t('webhooks.testTaken'))
          : toast.bad(t('webhooks.testFailed'), error ?? undefined),
    }),
  );
  const remove = useMutation(trpc.webhooks.remove.mutationOptions(common));
  const { id, name, url, events, enabled } = webhook;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-3 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{name}</span>
          {!enabled && <Badge>{t('webhooks.off')}</Badge>}
        </p>
        <p className="truncate font-mono text-xs text-ink-2">{url}</p>
        <p className="truncate text-xs text-ink-3">{events.join(', ')}</p>
      </div>
      <Button size="sm" onClick={onShow} aria-label={t('webhooks.deliveriesOf', { name })}>
        {t('webhooks.deliveries')}
      </Button>
      <Button
        size="sm"
        busy={test.isPending}
        icon={<Send aria-hidden className="size-3.5" />}
        aria-label={t('webhooks.testOf', { name })}
        onClick={() => test.mutate({ id })}
      >
        {t('webhooks.test')}
      </Button>
      <IconButton label={t('webhooks.changeOf', { name })} onClick={onEdit}>
        <Pencil aria-hidden className="size-4" />
      </IconButton>
      <RemoveButton
        label={t('webhooks.removeOf', { name })}
        busy={remove.isPending}
        question={{
          title: t('webhooks.removeOf', { name }),
          body: t('webhooks.removeBody'),
          action: t('common.remove'),
        }}
        onRemove={() => remove.mutate({ id })}
      />
    </li>
  );
}

/** Addresses that are told what happens. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { webhook: shownId } = useSearch({ from: '/webhooks' });
  const navigate = useNavigate({ from: '/webhooks' });
  const query = useQuery(trpc.webhooks.list.queryOptions());
  const [edited, setEdited] = useState<Shown | 'new' | null>(null);
  const shown = query.data?.find(({ id }) => id === shownId);
  const add = (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setEdited('new')}>
      {t('webhooks.add')}
    </Button>
  );
  function show(webhook: string | undefined) {
    void navigate({ search: { webhook } });
  }
  return (
    <Page title={t('webhooks.title')} lead={t('webhooks.lead')} actions={add}>
      <Card flush>
        {query.isError && !query.data && (
          <div className="p-4">
            <LoadFailed title={t('webhooks.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
          </div>
        )}
        {query.isPending && <SkeletonRows rows={3} />}
        {query.data?.length === 0 && (
          <Empty icon={<WebhookIcon />} title={t('webhooks.none')}>
            {t('webhooks.noneHint')}
          </Empty>
        )}
        <ul aria-label={t('webhooks.title')}>
          {query.data?.map((webhook) => (
            <Row key={webhook.id} webhook={webhook} onEdit={() => setEdited(webhook)} onShow={() => show(webhook.id)} />
          ))}
        </ul>
      </Card>
      {edited !== null && <WebhookDialog webhook={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      {shown && <Deliveries webhook={shown} onClose={() => show(undefined)} />}
    </Page>
  );
}
