import { useTranslation } from 'react-i18next';
import type { Failure } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';

interface SaveBarProps {
  changed: boolean;
  /** Something is not finished. */
  incomplete?: boolean;
  busy: boolean;
  failure: Failure | null;
  onUndo: () => void;
}

/** Stays in sight while something is to be saved. It belongs into the form that it saves. */
export function SaveBar({ changed, incomplete = false, busy, failure, onUndo }: SaveBarProps) {
  const { t } = useTranslation();
  if (!changed && failure === null) return null;
  return (
    <div className="sticky bottom-0 z-20 -mx-1 flex flex-col gap-2 bg-page px-1 py-3">
      {failure && (
        <Callout alert tone="bad" title={t('common.refused')}>
          {failure.message}
        </Callout>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={busy} disabled={incomplete || !changed}>
          {t('common.saveChanges')}
        </Button>
        <Button look="ghost" disabled={busy} onClick={onUndo}>
          {t('common.undo')}
        </Button>
        <p className="text-sm text-ink-3">{t(incomplete ? 'unsaved.incomplete' : 'unsaved.yet')}</p>
      </div>
    </div>
  );
}
