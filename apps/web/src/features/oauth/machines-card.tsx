import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bot } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OAuthMachine } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { CreateMachineDialog } from './create-machine-dialog.tsx';
import { GrantRow } from './grant-row.tsx';
import { GrantsList } from './grants-list.tsx';

/** Programs that sign in by themselves, with client credentials. */
export function MachinesCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const [creating, setCreating] = useState(false);
  const machines = useQuery(trpc.oauth.machines.list.queryOptions());
  const remove = useMutation(
    trpc.oauth.machines.remove.mutationOptions({
      onSuccess: () => toast.ok(t('oauth.machine.removed')),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.oauth.machines.list.pathFilter()),
    }),
  );
  async function ask({ id, name }: OAuthMachine) {
    const body = t('oauth.machine.removeBody', { name });
    if (
      await confirm({
        title: t('oauth.machine.removeTitle', { name }),
        body,
        action: t('common.remove'),
      })
    ) {
      remove.mutate({ id });
    }
  }
  return (
    <Card
      flush
      title={t('oauth.machine.title')}
      actions={
        <Button size="sm" onClick={() => setCreating(true)}>
          {t('oauth.machine.create')}
        </Button>
      }
    >
      <GrantsList
        query={machines}
        empty={
          <Empty icon={<Bot />} title={t('oauth.machine.none')}>
            {t('oauth.machine.noneHint')}
          </Empty>
        }
      >
        {(machine) => (
          <GrantRow
            key={machine.id}
            name={machine.name}
            grant={machine}
            action={{
              label: t('common.remove'),
              full: t('oauth.machine.removeOf', { name: machine.name }),
            }}
            busy={remove.isPending && remove.variables.id === machine.id}
            onEnd={() => void ask(machine)}
          />
        )}
      </GrantsList>
      <CreateMachineDialog open={creating} onClose={() => setCreating(false)} />
    </Card>
  );
}
