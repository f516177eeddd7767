import { ChevronLeft, ChevronRight, Pencil } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';
import { CopyIcon } from '../../ui/text/copy.tsx';
import { Attachments } from './attachments-view.tsx';
import type { RoundActions } from './round-actions.ts';
import type { Attachment, Round } from './types.ts';

interface SaidViewProps {
  round: Round;
  canWrite: boolean;
  isBusy: boolean;
  actions: RoundActions;
}

/** The way to what was said in the place of this. */
function Branches({ round: { id, siblings }, isBusy, actions }: Omit<SaidViewProps, 'canWrite'>) {
  const { t } = useTranslation();
  const at = siblings.indexOf(id);
  const before = siblings[at - 1];
  const after = siblings[at + 1];
  return (
    <span
      role="group"
      aria-label={t('conversations.branches')}
      className="flex items-center text-xs text-ink-3 tabular"
    >
      <IconButton
        size="sm"
        label={t('conversations.branchBefore')}
        disabled={isBusy || before === undefined}
        onClick={() => before !== undefined && actions.select(before)}
      >
        <ChevronLeft aria-hidden className="size-4" />
      </IconButton>
      <span>{t('conversations.branchOf', { number: at + 1, count: siblings.length })}</span>
      <IconButton
        size="sm"
        label={t('conversations.branchAfter')}
        disabled={isBusy || after === undefined}
        onClick={() => after !== undefined && actions.select(after)}
      >
        <ChevronRight aria-hidden className="size-4" />
      </IconButton>
    </span>
  );
}

/** A person's words, as they were written. */
export function Bubble({ content, attachments }: { content: string; attachments: readonly Attachment[] }) {
  return (
    <div className="flex max-w-[85%] flex-col items-end gap-2 self-end">
      {attachments.length > 0 && <Attachments attachments={attachments} />}
      {content !== '' && (
        <p className="rounded-xl rounded-br-sm bg-accent-soft px-4 py-2.5 break-words whitespace-pre-wrap text-ink">
          {content}
        </p>
      )}
    </div>
  );
}

/** What a person said, and what can be done about it. */
export const SaidView = memo(function SaidView({ round, canWrite, isBusy, actions }: SaidViewProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-1">
      <h2 className="sr-only">{t('conversations.you')}</h2>
      <Bubble content={round.content} attachments={round.attachments} />
      <div className="flex items-center gap-0.5 self-end">
        {canWrite && round.siblings.length > 1 && <Branches round={round} isBusy={isBusy} actions={actions} />}
        {round.content !== '' && <CopyIcon text={round.content} label={t('conversations.copySaid')} />}
        {canWrite && (
          <IconButton size="sm" label={t('conversations.edit')} disabled={isBusy} onClick={() => actions.edit(round)}>
            <Pencil aria-hidden className="size-3.5" />
          </IconButton>
        )}
      </div>
    </div>
  );
});
