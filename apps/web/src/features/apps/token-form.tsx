import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { useUnsaved } from '../../ui/form/use-unsaved.ts';
import { Card } from '../../ui/layout/card.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { AppsPicker } from './apps-picker.tsx';
import { FaultsEditor } from './faults-editor.tsx';
import { ProfilePicker } from './profile-picker.tsx';
import { SaveBar } from './save-bar.tsx';
import { hasOtherApps, toDraft, toPatch, type TokenDraft } from './token-draft.ts';
import type { Token } from './types.ts';

function useTokenSaving(token: Token, onSaved: (token: Token) => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const update = useMutation(trpc.apps.tokens.update.mutationOptions());
  const setApps = useMutation(trpc.apps.tokens.setApps.mutationOptions());
  const save = useMutation({
    mutationFn: async (draft: TokenDraft) => {
      const next = await update.mutateAsync({ id: token.id, patch: toPatch(draft) });
      return hasOtherApps(draft, token) ? await setApps.mutateAsync({ id: token.id, apps: draft.apps }) : next;
    },
    onSuccess: (next) => {
      toast.ok(t('common.saved'));
      queryClient.setQueryData(trpc.apps.tokens.list.queryKey(), (list) =>
        list?.map((each) => (each.id === next.id ? next : each)),
      );
      onSaved(next);
    },
  });
  return {
    busy: save.isPending,
    failure: save.error ? toFailure(save.error) : null,
    save: (draft: TokenDraft) => save.mutate(draft),
    forget: () => save.reset(),
  };
}

/** What a token may call, and how it is answered. */
export function TokenForm({ token }: { token: Token }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => toDraft(token));
  const saving = useTokenSaving(token, (next) => setDraft(toDraft(next)));
  const { failure } = saving;
  const changed = JSON.stringify({ ...draft, apps: draft.apps.toSorted() }) !== JSON.stringify(toDraft(token));
  useUnsaved(changed && !saving.busy);
  function set(change: Partial<TokenDraft>) {
    setDraft({ ...draft, ...change });
  }
  return (
    <form
      noValidate
      className="flex min-w-0 flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        saving.save(draft);
      }}
    >
      <Card title={t('common.settings')}>
        <div className="flex flex-col gap-5">
          <Field label={t('common.description')} error={fieldMessage(failure, 'description')}>
            <Input value={draft.description} onChange={(event) => set({ description: event.target.value })} />
          </Field>
          <SwitchRow
            label={t('apps.token.enabled')}
            hint={t('apps.token.enabledHint')}
            checked={draft.enabled}
            onChange={(enabled) => set({ enabled })}
          />
          <Field label={t('apps.seed')} hint={t('apps.token.seedHint')} error={fieldMessage(failure, 'seed')}>
            <Input mono value={draft.seed} onChange={(event) => set({ seed: event.target.value })} />
          </Field>
          <div className="flex flex-col gap-1.5">
            <p className="text-sm font-medium">{t('apps.profile.title')}</p>
            <ProfilePicker value={draft.profile} onChange={(profile) => set({ profile })} />
          </div>
          <Disclosure title={t('apps.fault.title')} open={draft.faults.length > 0}>
            <FaultsEditor
              faults={draft.faults}
              onChange={(faults) => set({ faults })}
              actions={[]}
              wrong={(field) => fieldMessage(failure, `faults.${field}`)}
            />
          </Disclosure>
        </div>
      </Card>
      <Card title={t('apps.token.apps')}>
        <AppsPicker value={draft.apps} onChange={(apps) => set({ apps })} error={fieldMessage(failure, 'apps')} />
      </Card>
      <SaveBar
        {...saving}
        changed={changed}
        onUndo={() => {
          setDraft(toDraft(token));
          saving.forget();
        }}
      />
    </form>
  );
}
