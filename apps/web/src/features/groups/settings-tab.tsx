import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useGroup } from '../../lib/group-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { toDraft, toPatch } from './group-draft.ts';
import { GroupFields } from './group-fields.tsx';

function EditForm() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const group = useGroup();
  const before = toDraft(group);
  const [draft, setDraft] = useState(before);
  const changed = JSON.stringify(draft) !== JSON.stringify(before);
  const update = useMutation(
    trpc.groups.update.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('common.saved'));
        setDraft(toDraft(next));
        await queryClient.invalidateQueries(trpc.groups.pathFilter());
        await queryClient.invalidateQueries(trpc.access.pathFilter());
      },
    }),
  );
  const failure = update.error ? toFailure(update.error) : null;
  function save(event: FormEvent) {
    event.preventDefault();
    update.mutate({ id: group.id, patch: toPatch(draft, before) });
  }
  return (
    <Card title={t('common.group')}>
      <form onSubmit={save} noValidate className="flex flex-col gap-5">
        <GroupFields id={group.id} movable={group.can.widen} draft={draft} onChange={setDraft} failure={failure} />
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" busy={update.isPending} disabled={!changed}>
            {t('common.saveChanges')}
          </Button>
          {changed && (
            <Button look="ghost" onClick={() => setDraft(before)}>
              {t('common.undo')}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}

function RemoveCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const group = useGroup();
  const remove = useMutation(
    trpc.groups.remove.mutationOptions({
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSuccess: async () => {
        toast.ok(t('common.deleted', { name: group.displayName }));
        await navigate({ to: '/groups' });
        queryClient.removeQueries(trpc.groups.get.queryFilter({ id: group.id }));
        await queryClient.invalidateQueries(trpc.groups.list.pathFilter());
      },
    }),
  );
  async function ask() {
    const yes = await confirm({
      title: t('common.deleteOf', { name: group.displayName }),
      body: t('groups.removeBody', { members: group.memberCount, servers: group.serverCount }),
      action: t('common.deleteIt'),
    });
    if (yes) remove.mutate({ id: group.id });
  }
  return (
    <Card title={t('groups.remove')}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-md text-ink-2">{t('groups.removeHint')}</p>
        <Button
          look="danger"
          busy={remove.isPending}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={() => void ask()}
        >
          {t('groups.remove')}
        </Button>
      </div>
    </Card>
  );
}

export function GroupSettingsTab() {
  const { t } = useTranslation();
  const group = useGroup();
  if (!group.can.update) return <Callout title={t('groups.notYours')} />;
  return (
    <div className="flex max-w-3xl flex-col gap-8">
      <EditForm key={group.id} />
      {group.can.remove && <RemoveCard />}
    </div>
  );
}
