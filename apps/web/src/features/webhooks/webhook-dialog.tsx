import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { eventFamilies, type Webhook, webhookEvents } from '@switchboard/core/webhooks/schema';
import { fieldMessage, toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { CopyText } from '../../ui/text/copy.tsx';

type Event = Inputs['webhooks']['create']['events'][number];
export type Shown = Pick<Webhook, 'id' | 'name' | 'url' | 'events' | 'enabled'>;

interface Draft {
  name: string;
  url: string;
  events: Event[];
  enabled: boolean;
  secret: string;
}

const words: readonly Event[] = [...eventFamilies, ...webhookEvents];

function draftOf(webhook: Shown | null): Draft {
  const events = words.filter((word) => webhook?.events.includes(word) ?? word === 'server.*');
  const { name = '', url = '', enabled = true } = webhook ?? {};
  return { name, url, events, enabled, secret: webhook ? '***' : '' };
}

function EventPicks({ chosen, onChange }: { chosen: readonly Event[]; onChange: (events: Event[]) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{t('webhooks.events')}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {words.map((word) => (
          <label key={word} className="flex min-h-7 items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(word)}
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, word] : chosen.filter((each) => each !== word))
              }
            />
            <code className="font-mono">{word}</code>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Makes a webhook, or changes one. What signs is shown once. */
export function WebhookDialog({ webhook, onClose }: { webhook: Shown | null; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(webhook));
  const settled = { onSuccess: () => queryClient.invalidateQueries(trpc.webhooks.pathFilter()) };
  const create = useMutation(trpc.webhooks.create.mutationOptions(settled));
  const update = useMutation(trpc.webhooks.update.mutationOptions(settled));
  const error = create.error ?? update.error;
  const failure = error ? toFailure(error) : null;
  function set(change: Partial<Draft>) {
    setDraft((old) => ({ ...old, ...change }));
  }
  function submit() {
    const { secret, ...rest } = draft;
    const given = { ...rest, ...(secret !== '' && { secret }) };
    if (webhook) update.mutate({ id: webhook.id, patch: given }, { onSuccess: onClose });
    else create.mutate(given);
  }
  if (create.data) {
    return (
      <Dialog open onClose={onClose} title={create.data.name}>
        <Callout tone="ok" title={t('webhooks.secretOnce')}>
          <CopyText text={create.data.secret} />
        </Callout>
      </Dialog>
    );
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t(webhook ? 'webhooks.change' : 'webhooks.add')}
      action={t('common.save')}
      busy={create.isPending || update.isPending}
      incomplete={draft.name.trim() === '' || draft.url.trim() === '' || draft.events.length === 0}
      problem={failure?.message ?? null}
      onSubmit={submit}
    >
      <Field label={t('common.name')} required error={fieldMessage(failure, 'name')}>
        <Input value={draft.name} onChange={({ target }) => set({ name: target.value })} />
      </Field>
      <Field label={t('webhooks.url')} hint={t('webhooks.urlHint')} required error={fieldMessage(failure, 'url')}>
        <Input mono type="url" value={draft.url} onChange={({ target }) => set({ url: target.value })} />
      </Field>
      <EventPicks chosen={draft.events} onChange={(events) => set({ events })} />
      <Field label={t('webhooks.secret')} hint={t('webhooks.secretHint')} error={fieldMessage(failure, 'secret')}>
        <Input mono autoComplete="off" value={draft.secret} onChange={({ target }) => set({ secret: target.value })} />
      </Field>
      <SwitchRow label={t('webhooks.enabled')} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
    </FormDialog>
  );
}
