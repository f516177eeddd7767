import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { AccountField } from '../../ui/form/account-field.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';

/** Gives the server to another account, for who may. */
export function OwnerCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const server = useServer();
  const [owner, setOwner] = useState('');
  const give = useMutation(
    trpc.servers.give.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('servers.visibility.give.done', { name: next.ownerName ?? next.createdBy ?? '' }));
        setOwner('');
        queryClient.setQueryData(trpc.servers.get.queryKey({ id: next.id }), next);
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
      },
    }),
  );
  if (!server.can.give) return null;
  function submit(event: FormEvent) {
    event.preventDefault();
    give.mutate({ id: server.id, owner: owner.trim() });
  }
  const current = server.ownerName ?? server.createdBy;
  return (
    <Card title={t('servers.visibility.owner')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="max-w-prose text-ink-2">
          <p>
            {current === null ? t('servers.visibility.give.none') : t('servers.visibility.give.is', { name: current })}
          </p>
          <p>{t('servers.visibility.give.hint')}</p>
        </div>
        <div className="flex flex-wrap items-end gap-3">
          <AccountField
            label={t('servers.visibility.give.to')}
            value={owner}
            onChange={setOwner}
            without={new Set(server.createdBy === null ? [] : [server.createdBy])}
          />
          <Button type="submit" busy={give.isPending} disabled={owner.trim() === ''}>
            {t('servers.visibility.give.action')}
          </Button>
        </div>
        {give.error && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {toFailure(give.error).message}
          </Callout>
        )}
      </form>
    </Card>
  );
}
