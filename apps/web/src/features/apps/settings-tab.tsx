import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { useUnsaved } from '../../ui/form/use-unsaved.ts';
import { Card } from '../../ui/layout/card.tsx';
import { useApp } from './app-context.ts';
import { isJson } from './json-text.ts';
import { SaveBar } from './save-bar.tsx';
import { toDraft, toPatch, type SettingsDraft } from './settings-draft.ts';
import { SettingsFields } from './settings-fields.tsx';
import { useAppActions } from './use-app-actions.ts';
import { useSaving } from './use-saving.ts';

function EditForm() {
  const app = useApp();
  const [draft, setDraft] = useState(() => toDraft(app));
  const changed = JSON.stringify(draft) !== JSON.stringify(toDraft(app));
  const saving = useSaving((next) => setDraft(toDraft(next)));
  useUnsaved(changed && !saving.busy);
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        saving.save(toPatch(draft));
      }}
    >
      <SettingsFields
        draft={draft}
        onChange={(change: Partial<SettingsDraft>) => setDraft({ ...draft, ...change })}
        wrong={(field) => fieldMessage(saving.failure, field)}
      />
      <SaveBar
        {...saving}
        changed={changed}
        incomplete={!isJson(draft.initialState, 'object')}
        onUndo={() => {
          setDraft(toDraft(app));
          saving.forget();
        }}
      />
    </form>
  );
}

export function SettingsTab() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const app = useApp();
  const actions = useAppActions();
  if (!app.can.configure) return <Callout tone="info" title={t('apps.notYours')} />;
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <EditForm />
      <Card title={t('apps.danger')}>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="max-w-md text-ink-2">{t('apps.removeHint')}</p>
          <Button
            look="danger"
            busy={actions.busy}
            icon={<Trash2 aria-hidden className="size-4" />}
            onClick={() => void actions.remove(app).then((gone) => gone && void navigate({ to: '/simulator' }))}
          >
            {t('apps.remove')}
          </Button>
        </div>
      </Card>
    </div>
  );
}
