import { Plus, Zap } from 'lucide-react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { ActionEditor } from './action-editor.tsx';
import { ActionList } from './action-list.tsx';
import { useApp } from './app-context.ts';
import { SaveBar } from './save-bar.tsx';
import { TryPanel } from './try-panel.tsx';
import { useActionsDraft } from './use-actions-draft.ts';

/** What a product can be asked to do, one of it in full, and a trial beside it where there is room. */
export function ActionsTab() {
  const { t } = useTranslation();
  const app = useApp();
  const draft = useActionsDraft();
  const { shown } = draft;
  const mayChange = app.can.configure;
  if (!shown)
    return (
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          draft.save();
        }}
      >
        <Card>
          <Empty
            icon={<Zap />}
            title={t('apps.action.none')}
            actions={
              mayChange && (
                <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={draft.add}>
                  {t('apps.action.add')}
                </Button>
              )
            }
          >
            {t('apps.action.noneHint')}
          </Empty>
        </Card>
        <SaveBar {...draft} onUndo={draft.undo} />
      </form>
    );
  return (
    <div className="@container">
      <div className="grid items-start gap-4 @2xl:grid-cols-[12rem_minmax(0,1fr)] @min-[66rem]:grid-cols-[12rem_minmax(0,1fr)_22rem]">
        <ActionList draft={draft} mayChange={mayChange} />
        <form
          noValidate
          className="flex min-w-0 flex-col"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            draft.save();
          }}
        >
          <ActionEditor key={shown.slot} draft={draft} action={shown} disabled={!mayChange} />
          {mayChange && <SaveBar {...draft} onUndo={draft.undo} />}
        </form>
        {app.can.use && (
          <Card title={t('apps.tab.try')} className="hidden @min-[66rem]:block @min-[66rem]:sticky @min-[66rem]:top-4">
            {draft.tried ? (
              <TryPanel key={draft.shape} action={draft.tried.action} draft={draft.tried.draft} />
            ) : (
              <p className="text-sm text-ink-3">{t('apps.try.finishFirst')}</p>
            )}
          </Card>
        )}
      </div>
    </div>
  );
}
