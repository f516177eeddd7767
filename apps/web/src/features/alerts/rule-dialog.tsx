import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { alertKindFacts, alertKinds, alertSeverities } from '@switchboard/core/alerts/schema';
import { fieldMessage, toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { QuietFields } from './quiet-fields.tsx';
import { draftOf, inputOf, withKind, type RuleDraft } from './rule-draft.ts';
import { ServerSelect } from './server-select.tsx';
import { useRuleName } from './use-rule-in-words.ts';

interface RuleDialogProps {
  /** Null: a new one. */
  rule: Outputs['alerts']['rules'][number] | null;
  onClose: () => void;
}

function useSave(rule: RuleDialogProps['rule'], onClose: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const done = {
    async onSuccess() {
      toast.ok(t('common.saved'));
      onClose();
      await queryClient.invalidateQueries(trpc.alerts.pathFilter());
    },
  };
  const create = useMutation(trpc.alerts.createRule.mutationOptions(done));
  const change = useMutation(trpc.alerts.changeRule.mutationOptions(done));
  return {
    busy: create.isPending || change.isPending,
    failure: (create.error ?? change.error) ? toFailure(create.error ?? change.error) : null,
    save(draft: RuleDraft) {
      if (rule) change.mutate({ id: rule.id, ...inputOf(draft) });
      else create.mutate({ kind: draft.kind, ...inputOf(draft) });
    },
  };
}

export function RuleDialog({ rule, onClose }: RuleDialogProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(rule));
  const nameOf = useRuleName();
  const { busy, failure, save } = useSave(rule, onClose);
  const { ofServers, threshold, hasWindow } = alertKindFacts[draft.kind];
  function text(name: 'name' | 'threshold' | 'windowMinutes' | 'forMinutes') {
    return {
      value: draft[name],
      onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [name]: target.value }),
    };
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={rule ? t('alerts.rule.editOf', { name: nameOf(rule) }) : t('alerts.rule.add')}
      action={rule ? t('common.saveChanges') : t('alerts.rule.create')}
      busy={busy}
      incomplete={draft.name.trim() === ''}
      problem={failure?.message ?? null}
      onSubmit={() => save(draft)}
    >
      <Field required label={t('common.name')} error={fieldMessage(failure, 'name')}>
        <Input data-autofocus {...text('name')} />
      </Field>
      {!rule && (
        <Field label={t('alerts.rule.kind')}>
          <Select
            value={draft.kind}
            onChange={({ target }) => {
              const kind = alertKinds.find((each) => each === target.value);
              if (kind) setDraft(withKind(draft, kind));
            }}
          >
            {alertKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`alerts.kinds.${kind}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Field label={t('alerts.severityLabel')}>
        <Select
          value={draft.severity}
          onChange={({ target }) => {
            const severity = alertSeverities.find((each) => each === target.value);
            if (severity) setDraft({ ...draft, severity });
          }}
        >
          {alertSeverities.map((severity) => (
            <option key={severity} value={severity}>
              {t(`alerts.severity.${severity}`)}
            </option>
          ))}
        </Select>
      </Field>
      {ofServers && (
        <Field label={t('alerts.rule.server')} error={fieldMessage(failure, 'serverId')}>
          <ServerSelect value={draft.serverId} onChange={(serverId) => setDraft({ ...draft, serverId })} />
        </Field>
      )}
      {threshold && (
        <Field label={t(`alerts.thresholds.${threshold.unit}`)} error={fieldMessage(failure, 'threshold')}>
          <Input type="number" min={threshold.least} max={threshold.most} {...text('threshold')} />
        </Field>
      )}
      {hasWindow && (
        <Field
          label={t('alerts.rule.window')}
          note={t('alerts.rule.minutes')}
          error={fieldMessage(failure, 'windowMinutes')}
        >
          <Input type="number" min={1} max={1440} {...text('windowMinutes')} />
        </Field>
      )}
      <Field
        label={t('alerts.rule.for')}
        note={t('alerts.rule.minutes')}
        hint={t('alerts.rule.forHint')}
        error={fieldMessage(failure, 'forMinutes')}
      >
        <Input type="number" min={0} max={1440} {...text('forMinutes')} />
      </Field>
      <QuietFields draft={draft} onChange={setDraft} />
    </FormDialog>
  );
}
