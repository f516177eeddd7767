import { useTranslation } from 'react-i18next';
import { Status } from '../../ui/feedback/status.tsx';
import { Bubble } from './said-view.tsx';
import type { Attachment } from './types.ts';

/** What is on its way to the hub. */
export function PendingRound({ content, attachments }: { content: string; attachments: readonly Attachment[] }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      <Bubble content={content} attachments={attachments} />
      <Status shape="half" tone="accent" label={t('conversations.sending')} className="text-sm text-ink-3" />
    </div>
  );
}
