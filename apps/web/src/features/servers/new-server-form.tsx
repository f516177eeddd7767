import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { AccountField } from './account-field.tsx';
import { LimitFields } from './limit-fields.tsx';
import { ProbeView } from './probe-view.tsx';
import { draftOfImage, emptyDraft, toCreate } from './server-draft.ts';
import { ServerFields } from './server-fields.tsx';
import { VisibilityField } from './visibility-field.tsx';

export function NewServerForm({ image }: { image?: string | undefined }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(() => (image === undefined ? emptyDraft() : draftOfImage(image)));
  const test = useMutation(trpc.servers.test.mutationOptions());
  const create = useMutation(
    trpc.servers.create.mutationOptions({
      onSuccess: async (server) => {
        toast.ok(t('servers.form.created', { name: server.name }));
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
        await navigate({ to: '/servers/$id', params: { id: server.id } });
      },
    }),
  );
  const error = create.error ?? test.error;
  const failure = error ? toFailure(error) : null;
  function save(event: FormEvent) {
    event.preventDefault();
    test.reset();
    create.mutate(toCreate(draft));
  }
  function runTest() {
    create.reset();
    test.mutate({ draft: toCreate(draft) });
  }
  return (
    <form onSubmit={save} noValidate className="flex flex-col gap-5">
      <Card>
        <div className="flex flex-col gap-5">
          <ServerFields draft={draft} onChange={setDraft} failure={failure} />
          <VisibilityField draft={draft} onChange={setDraft} failure={failure} />
          <AccountField draft={draft} onChange={setDraft} failure={failure} />
          <LimitFields draft={draft} onChange={setDraft} failure={failure} withDefault />
        </div>
      </Card>
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
      {test.data && <ProbeView result={test.data} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={create.isPending}>
          {t('servers.form.save')}
        </Button>
        <Button icon={<FlaskConical aria-hidden className="size-4" />} busy={test.isPending} onClick={runTest}>
          {test.isPending ? t('servers.form.testing') : t('servers.form.test')}
        </Button>
        <p className="text-sm text-ink-3">{t('servers.form.testHint')}</p>
      </div>
    </form>
  );
}
