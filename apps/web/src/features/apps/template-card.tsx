import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { useUnsaved } from '../../ui/form/use-unsaved.ts';
import { Card } from '../../ui/layout/card.tsx';
import { CodeField } from './code-field.tsx';
import { SaveBar } from './save-bar.tsx';
import type { Prompt } from './types.ts';

function draftOf({ displayName, description, template, enabled }: Prompt) {
  return { displayName, description, template, enabled };
}

/** One template, with the names that are put in. */
export function TemplateCard({ prompt }: { prompt: Prompt }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { me } = useInstance();
  const [draft, setDraft] = useState(() => draftOf(prompt));
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(prompt));
  const update = useMutation(
    trpc.apps.prompts.update.mutationOptions({
      onSuccess: (next) => {
        toast.ok(t('common.saved'));
        queryClient.setQueryData(trpc.apps.prompts.list.queryKey(), (list) =>
          list?.map((each) => (each.num === next.num ? next : each)),
        );
        setDraft(draftOf(next));
      },
    }),
  );
  const failure = update.error ? toFailure(update.error) : null;
  const mayChange = me?.can.configureSimulator === true;
  useUnsaved(changed && !update.isPending);
  return (
    <Card title={<span className="wrap-anywhere">{prompt.displayName || prompt.name}</span>}>
      <form
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          update.mutate({ id: prompt.num, patch: draft });
        }}
      >
        <fieldset disabled={!mayChange} className="flex min-w-0 flex-col gap-5">
          <legend className="sr-only">{prompt.name}</legend>
          <div className="flex flex-wrap gap-4">
            <Field
              label={t('apps.displayName')}
              error={fieldMessage(failure, 'displayName')}
              className="min-w-44 flex-1"
            >
              <Input
                value={draft.displayName}
                onChange={(event) => setDraft({ ...draft, displayName: event.target.value })}
              />
            </Field>
            <Field
              label={t('common.description')}
              error={fieldMessage(failure, 'description')}
              className="min-w-56 flex-2"
            >
              <Input
                value={draft.description}
                onChange={(event) => setDraft({ ...draft, description: event.target.value })}
              />
            </Field>
          </div>
          <CodeField
            label={t('apps.template.textOf', { name: prompt.name })}
            small={false}
            value={draft.template}
            onChange={(template) => setDraft({ ...draft, template })}
            error={fieldMessage(failure, 'template')}
            readOnly={!mayChange}
            hint={
              <p>
                {t('apps.template.variables')}{' '}
                {prompt.variables.map(({ name, description }) => (
                  <code key={name} title={description} className="mr-1.5 inline-block font-mono">{`{${name}}`}</code>
                ))}
              </p>
            }
          />
          <SwitchRow
            label={t('apps.template.enabled')}
            hint={t('apps.template.enabledHint')}
            checked={draft.enabled}
            onChange={(enabled) => setDraft({ ...draft, enabled })}
          />
        </fieldset>
        <SaveBar
          changed={changed}
          busy={update.isPending}
          failure={failure}
          onUndo={() => {
            setDraft(draftOf(prompt));
            update.reset();
          }}
        />
      </form>
    </Card>
  );
}
