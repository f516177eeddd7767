import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FlaskConical, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { AccountField } from './account-field.tsx';
import { LimitFields } from './limit-fields.tsx';
import { MoveCard } from './move-card.tsx';
import { OwnerCard } from './owner-card.tsx';
import { ProbeView } from './probe-view.tsx';
import { RecordingField } from './recording-field.tsx';
import { ReviewCard } from './review-card.tsx';
import { toCreate, toDraft, toPatch } from './server-draft.ts';
import { ServerFields } from './server-fields.tsx';
import { useServerActions } from './use-server-actions.ts';
import { VisibilityField } from './visibility-field.tsx';

function EditForm() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const server = useServer();
  const [draft, setDraft] = useState(() => toDraft(server));
  const changed = JSON.stringify(draft) !== JSON.stringify(toDraft(server));
  const test = useMutation(trpc.servers.test.mutationOptions());
  const reveal = useMutation(trpc.servers.reveal.mutationOptions());
  const update = useMutation(
    trpc.servers.update.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('common.saved'));
        setDraft(toDraft(next));
        queryClient.setQueryData(trpc.servers.get.queryKey({ id: next.id }), next);
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
      },
    }),
  );
  const error = update.error ?? test.error ?? reveal.error;
  const failure = error ? toFailure(error) : null;
  function save(event: FormEvent) {
    event.preventDefault();
    test.reset();
    update.mutate({ id: server.id, patch: toPatch(draft) });
  }
  return (
    <form onSubmit={save} noValidate className="flex flex-col gap-5">
      <Card title={t('servers.settings.server')}>
        <div className="flex flex-col gap-5">
          <ServerFields
            draft={draft}
            onChange={setDraft}
            failure={failure}
            {...(server.can.reveal
              ? {
                  onReveal: async (field: 'env' | 'headers' | 'secrets', name: string) =>
                    (await reveal.mutateAsync({ id: server.id, field, name })).value,
                }
              : {})}
          />
          <VisibilityField
            draft={draft}
            onChange={setDraft}
            failure={failure}
            current={server.visibility}
            disabled={!server.can.share}
          />
          <RecordingField draft={draft} onChange={setDraft} failure={failure} />
          <AccountField draft={draft} onChange={setDraft} failure={failure} />
          <LimitFields draft={draft} onChange={setDraft} failure={failure} withDefault={false} />
        </div>
      </Card>
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
      {test.data && <ProbeView result={test.data} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={update.isPending} disabled={!changed}>
          {t('common.saveChanges')}
        </Button>
        <Button
          icon={<FlaskConical aria-hidden className="size-4" />}
          busy={test.isPending}
          onClick={() => {
            update.reset();
            test.mutate({ draft: { ...toCreate(draft), name: draft.name || server.name }, existingId: server.id });
          }}
        >
          {test.isPending ? t('servers.form.testing') : t('servers.form.test')}
        </Button>
        {changed && (
          <Button look="ghost" onClick={() => setDraft(toDraft(server))}>
            {t('common.undo')}
          </Button>
        )}
        <p className="text-sm text-ink-3">{t('servers.form.saveHint')}</p>
      </div>
    </form>
  );
}

export function SettingsTab() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const server = useServer();
  const actions = useServerActions();
  if (!server.can.configure) return <Callout tone="info" title={t('servers.settings.notYours')} />;
  return (
    <div className="flex max-w-3xl flex-col gap-8">
      {server.kind === 'generated' && <ReviewCard />}
      <EditForm key={server.kind} />
      <MoveCard />
      <OwnerCard />
      {server.can.remove && (
        <Card title={t('servers.danger')}>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-md text-ink-2">{t('servers.removeHint')}</p>
            <Button
              look="danger"
              busy={actions.busy}
              icon={<Trash2 aria-hidden className="size-4" />}
              onClick={() => void actions.remove(server).then((gone) => gone && void navigate({ to: '/servers' }))}
            >
              {t('servers.remove')}
            </Button>
          </div>
        </Card>
      )}
    </div>
  );
}
