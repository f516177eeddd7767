import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useUnsaved } from '../../ui/form/use-unsaved.ts';
import { Card } from '../../ui/layout/card.tsx';
import { useApp } from './app-context.ts';
import { toFault, toFaultDrafts } from './fault-draft.ts';
import { FaultsEditor } from './faults-editor.tsx';
import { ProfilePicker } from './profile-picker.tsx';
import { SaveBar } from './save-bar.tsx';
import { useAppActions } from './use-app-actions.ts';
import { useSaving } from './use-saving.ts';

/** What goes wrong with a product on purpose: a profile at once, and single faults. */
export function FaultsTab() {
  const { t } = useTranslation();
  const app = useApp();
  const { update } = useAppActions();
  const stored = toFaultDrafts(app.faults);
  const [drafts, setDrafts] = useState(stored);
  const changed = JSON.stringify(drafts) !== JSON.stringify(stored);
  const saving = useSaving(({ faults }) => setDrafts(toFaultDrafts(faults)));
  useUnsaved(changed && !saving.busy);
  if (!app.can.configure) return <Callout tone="info" title={t('apps.notYours')} />;
  return (
    <form
      noValidate
      className="flex max-w-4xl flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        saving.save({ faults: drafts.map(toFault) });
      }}
    >
      <Card title={t('apps.profile.title')}>
        <ProfilePicker value={app.profile} onChange={(profile) => update.mutate({ id: app.id, patch: { profile } })} />
      </Card>
      <Card title={t('apps.fault.title')}>
        <FaultsEditor
          faults={drafts}
          onChange={setDrafts}
          actions={app.actions.map(({ name }) => name)}
          wrong={(field) => fieldMessage(saving.failure, `faults.${field}`)}
        />
      </Card>
      <SaveBar
        {...saving}
        changed={changed}
        onUndo={() => {
          setDrafts(stored);
          saving.forget();
        }}
      />
    </form>
  );
}
