import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OAuthGrant } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { GrantRow } from './grant-row.tsx';
import { GrantsList } from './grants-list.tsx';

/** Programs that use the hub in one's name after a sign-in, and the way to end that. */
export function GrantsCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const grants = useQuery(trpc.oauth.grants.list.queryOptions());
  const revoke = useMutation(
    trpc.oauth.grants.revoke.mutationOptions({
      onSuccess: () => toast.ok(t('oauth.revoked')),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.oauth.grants.list.pathFilter()),
    }),
  );
  async function ask({ id, client: { name } }: OAuthGrant) {
    const body = t('oauth.revokeBody', { name });
    if (await confirm({ title: t('oauth.revokeTitle', { name }), body, action: t('oauth.revoke') })) {
      revoke.mutate({ id });
    }
  }
  return (
    <Card flush title={t('oauth.grants')}>
      <GrantsList
        query={grants}
        empty={
          <Empty icon={<Plug />} title={t('oauth.none')}>
            {t('oauth.noneHint')}
          </Empty>
        }
      >
        {(grant) => (
          <GrantRow
            key={grant.id}
            name={grant.client.name}
            grant={grant}
            action={{
              label: t('oauth.revoke'),
              full: t('oauth.revokeOf', { name: grant.client.name }),
            }}
            busy={revoke.isPending && revoke.variables.id === grant.id}
            onEnd={() => void ask(grant)}
          />
        )}
      </GrantsList>
    </Card>
  );
}
