import { ArrowDown, ArrowUp, Copy, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';
import type { ActionDraft } from './action-draft.ts';
import type { ActionsDraft } from './use-actions-draft.ts';

/** What may be done with an action besides changing it. Nothing is saved by it yet, so nothing is asked. */
export function ActionMenu({ draft, action }: { draft: ActionsDraft; action: ActionDraft }) {
  const { t } = useTranslation();
  const { name } = action;
  return (
    <div className="-mr-2 flex items-center">
      <IconButton size="sm" label={t('apps.up', { name })} disabled={draft.at === 0} onClick={() => draft.move(-1)}>
        <ArrowUp aria-hidden className="size-4" />
      </IconButton>
      <IconButton
        size="sm"
        label={t('apps.down', { name })}
        disabled={draft.at === draft.drafts.length - 1}
        onClick={() => draft.move(1)}
      >
        <ArrowDown aria-hidden className="size-4" />
      </IconButton>
      <IconButton size="sm" label={t('apps.action.duplicate', { name })} onClick={draft.duplicate}>
        <Copy aria-hidden className="size-4" />
      </IconButton>
      <IconButton size="sm" label={t('schema.remove', { name })} onClick={draft.remove}>
        <Trash2 aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
