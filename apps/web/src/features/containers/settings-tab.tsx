import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { useContainer } from './container-context.ts';
import { limitsOf, type LimitDraft } from './container-draft.ts';
import { LimitFields, RestartField } from './limit-fields.tsx';
import { useContainerActions } from './use-container-actions.ts';

function useSaved() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  return {
    onSuccess: async () => {
      toast.ok(t('common.saved'));
      await Promise.all(
        [trpc.containers.get, trpc.containers.list].map((each) => queryClient.invalidateQueries(each.pathFilter())),
      );
    },
  };
}

function RenameForm() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const engine = useEngineName();
  const container = useContainer();
  const [name, setName] = useState(container.name);
  const rename = useMutation(trpc.containers.rename.mutationOptions(useSaved()));
  const failure = rename.error ? toFailure(rename.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    rename.mutate({ engine, id: container.id, name: name.trim() });
  }
  return (
    <Card title={t('containers.rename')}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label={t('common.name')} error={fieldMessage(failure, 'name') ?? failure?.message}>
          <Input mono value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <div>
          <Button
            type="submit"
            look="primary"
            busy={rename.isPending}
            disabled={name.trim() === '' || name.trim() === container.name}
          >
            {t('containers.renameAction')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function LimitsForm() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const engine = useEngineName();
  const container = useContainer();
  const start: LimitDraft = {
    cpus: container.limits.cpus === undefined ? '' : String(container.limits.cpus),
    memoryMb:
      container.limits.memoryBytes === undefined ? '' : String(Math.round(container.limits.memoryBytes / 1024 ** 2)),
    pids: container.limits.pids === undefined ? '' : String(container.limits.pids),
  };
  const [limits, setLimits] = useState(start);
  const [restart, setRestart] = useState(container.restartPolicy);
  const update = useMutation(trpc.containers.update.mutationOptions(useSaved()));
  const failure = update.error ? toFailure(update.error) : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    update.mutate({ engine, id: container.id, limits: limitsOf(limits), restart });
  }
  return (
    <Card title={t('containers.limits')}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <LimitFields limits={limits} onChange={setLimits} failure={failure} />
        <RestartField value={restart} onChange={setRestart} />
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
        <div>
          <Button type="submit" look="primary" busy={update.isPending}>
            {t('common.saveChanges')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

export function SettingsTab() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const engine = useEngineName();
  const container = useContainer();
  const actions = useContainerActions();
  function leave(gone: boolean) {
    return gone && void navigate({ to: '/containers', search: { engine } });
  }
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <RenameForm />
      <LimitsForm />
      <Card title={t('containers.danger')}>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="max-w-md text-ink-2">{t('containers.removeHint')}</p>
          <Button
            look="danger"
            busy={actions.busy}
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => void actions.remove(container).then(leave)}
          >
            {t('container.do.remove')}
          </Button>
        </div>
      </Card>
    </div>
  );
}
