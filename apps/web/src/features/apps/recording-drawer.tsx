import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { Json } from '../../ui/text/code.tsx';
import type { RecordedCall } from './types.ts';

/** What a recorded call was given, and what it got. */
export function RecordingParts({ call }: { call: RecordedCall }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <section>
        <h3 className="mb-1.5 text-sm font-semibold">{t('schema.argumentsJson')}</h3>
        <Json value={call.arguments} label={t('schema.argumentsJson')} />
      </section>
      <section>
        <h3 className="mb-1.5 text-sm font-semibold">{t('apps.recordings.result')}</h3>
        <Json value={call.result} label={t('apps.recordings.result')} />
      </section>
    </div>
  );
}

/** One recorded call in full. */
export function RecordingDrawer({ call, onClose }: { call: RecordedCall | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      shape="right"
      open={call !== undefined}
      onClose={onClose}
      title={call?.action ?? t('apps.recordings.title')}
    >
      {call && <RecordingParts call={call} />}
    </Dialog>
  );
}
