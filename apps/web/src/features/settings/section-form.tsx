import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConfiguration, Section } from '@switchboard/core/configuration/schema';
import { fieldMessage, toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { useUnsaved } from '../../ui/form/use-unsaved.ts';
import { Card } from '../../ui/layout/card.tsx';
import { sectionWords, settingFields } from './fields.ts';
import { LockedField, SectionField } from './section-field.tsx';
import { asTyped, settingAt, toPatch, type SettingDraft } from './setting-draft.ts';
import { TestPanel } from './test-panel.tsx';

type Configuration = Outputs['configuration']['get'];

function useSave(onDone: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  async function take(next: Configuration) {
    queryClient.setQueryData(trpc.configuration.get.queryKey(), next);
    toast.ok(t('common.saved'));
    onDone();
    await Promise.all([
      queryClient.invalidateQueries(trpc.configuration.pathFilter()),
      queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
    ]);
  }
  const save = useMutation(trpc.configuration.change.mutationOptions({ onSuccess: take }));
  const reset = useMutation(trpc.configuration.reset.mutationOptions({ onSuccess: take }));
  return { save, reset };
}

/** The settings of one section: those that a variable holds are shown and not offered. */
export function SectionForm({ section, configuration }: { section: Section; configuration: Configuration }) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const [draft, setDraft] = useState<SettingDraft>({});
  const { save, reset } = useSave(() => setDraft({}));
  const changed = Object.keys(draft).length > 0;
  useUnsaved(changed);
  const fields = settingFields[section];
  const stored = configuration.settings[section];
  const failure = save.error ? toFailure(save.error) : null;
  const atField = fields.some(({ path }) => fieldMessage(failure, `${section}.${path}`) !== null);
  function patch(): ChangeConfiguration {
    return { [section]: toPatch(fields, draft) };
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(patch());
  }
  async function askReset() {
    const title = t('settings.reset.title', { section: t(sectionWords[section].title) });
    if (await confirm({ title, body: t('settings.reset.body'), action: t('settings.reset.action') }))
      reset.mutate({ section });
  }
  return (
    <Card>
      <form noValidate onSubmit={submit} className="flex max-w-2xl flex-col gap-4">
        <p className="text-ink-2">{t(sectionWords[section].hint)}</p>
        {fields.map((field) => {
          const variable = configuration.locked[`${section}.${field.path}`];
          const value = asTyped(field, stored);
          if (variable !== undefined) return <LockedField key={field.path} {...{ field, value, variable }} />;
          const typed = draft[field.path];
          return (
            <SectionField
              key={field.path}
              field={field}
              value={typed === undefined ? value : typed}
              isSet={settingAt(stored, field.path) !== null}
              error={fieldMessage(failure, `${section}.${field.path}`)}
              onChange={(next) => setDraft({ ...draft, [field.path]: next })}
            />
          );
        })}
        {failure && !atField && <Callout alert tone="bad" title={failure.message} />}
        {reset.error && <Callout alert tone="bad" title={toFailure(reset.error).message} />}
        {section === 'smtp' && <TestPanel patch={patch} destinations={['email']} />}
        {section === 'notifications' && <TestPanel patch={patch} destinations={['email', 'slack', 'webhook']} />}
        <div className="flex flex-wrap gap-2 border-t border-line pt-4">
          <Button type="submit" look="primary" busy={save.isPending} disabled={!changed}>
            {t('common.saveChanges')}
          </Button>
          {changed && <Button onClick={() => setDraft({})}>{t('common.cancel')}</Button>}
          {configuration.changed[section] !== undefined && (
            <Button look="ghost" className="ml-auto" busy={reset.isPending} onClick={() => void askReset()}>
              {t('settings.reset.action')}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
