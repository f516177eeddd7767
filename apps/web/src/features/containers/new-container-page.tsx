import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useRun } from '../../lib/use-run.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { RunOutput } from '../../ui/output/run-output.tsx';
import { emptyDraft, toCreate } from './container-draft.ts';
import { ContainerFields } from './container-fields.tsx';

/** The form, then how the image comes, then the container itself. */
export function NewContainerPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const toast = useToast();
  const { engine, image = '' } = useSearch({ from: '/engine/containers/new' });
  const [draft, setDraft] = useState({ ...emptyDraft, image });
  const create = useMutation(trpc.containers.create.mutationOptions());
  function onEnd({ outcome, result }: Run) {
    const id = result?.['id'];
    const name = result?.['name'];
    if (outcome !== 'ok' || typeof id !== 'string') return;
    toast.ok(t('containers.madeOne', { name: typeof name === 'string' ? name : id }));
    void navigate({ to: '/containers/$id', params: { id }, search: { engine } });
  }
  const run = useRun(create.data?.id ?? null, onEnd);
  const going = create.data !== undefined && run.end === null && run.lost === null;
  const failure = create.error ? toFailure(create.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(toCreate(draft, engine));
  }
  return (
    <Page
      title={t('containers.add')}
      lead={t('containers.addLead')}
      above={
        <Breadcrumb>
          <Link to="/containers" search={{ engine }}>
            {t('common.containers')}
          </Link>
        </Breadcrumb>
      }
    >
      <form onSubmit={submit} noValidate className="flex max-w-4xl flex-col gap-4">
        <ContainerFields draft={draft} onChange={setDraft} failure={failure} />
        {failure && (
          <Callout
            alert
            tone="bad"
            title={t(failure.code === 'FORBIDDEN' ? 'containers.refusedByPolicy' : 'common.refused')}
          >
            {failure.message}
          </Callout>
        )}
        {create.data && <RunOutput title={t('containers.making', { name: create.data.subject })} run={run} />}
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <Button type="submit" look="primary" busy={create.isPending || going} disabled={draft.image.trim() === ''}>
            {t(draft.start ? 'containers.createAndStart' : 'containers.create')}
          </Button>
          <Link to="/containers" search={{ engine }} className={buttonClass('ghost')}>
            {t('common.cancel')}
          </Link>
          <SwitchRow
            label={t('containers.startNow')}
            checked={draft.start}
            onChange={(start) => setDraft({ ...draft, start })}
          />
        </div>
      </form>
    </Page>
  );
}
