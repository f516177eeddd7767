import { Play, RotateCw, Square, Trash2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { Button, IconButton } from '../../ui/form/button.tsx';
import type { ContainerActions, BulkTargets } from './use-container-actions.ts';

const choices = [
  { action: 'start', Icon: Play },
  { action: 'stop', Icon: Square },
  { action: 'restart', Icon: RotateCw },
  { action: 'remove', Icon: Trash2 },
] as const satisfies { action: BulkTargets; Icon: unknown }[];

interface BulkBarProps {
  chosen: readonly Container[];
  actions: ContainerActions;
  onClear: () => void;
}

/** What may be done with everything that is selected. It stands in for the filters, so that nothing moves. */
export function BulkBar({ chosen, actions, onClear }: BulkBarProps) {
  const { t } = useTranslation();
  return (
    <div
      role="toolbar"
      aria-label={t('containers.withSelected')}
      className="flex min-h-14 flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-2"
    >
      <IconButton size="sm" label={t('containers.clearSelection')} onClick={onClear}>
        <X aria-hidden className="size-4" />
      </IconButton>
      <p role="status" className="mr-2 font-medium tabular">
        {t('containers.selected', { count: chosen.length })}
      </p>
      {choices.map(({ action, Icon }) => (
        <Button
          key={action}
          size="sm"
          disabled={actions.busy}
          icon={<Icon aria-hidden className="size-3.5" />}
          onClick={() => void actions.many(action, chosen).then((done) => done && onClear())}
        >
          {t(`container.do.${action}`)}
        </Button>
      ))}
    </div>
  );
}
