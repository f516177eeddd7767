import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Callout } from '../feedback/callout.tsx';
import { LoadFailed } from '../feedback/load-failed.tsx';
import { SkeletonRows } from '../feedback/skeleton.tsx';
import { Button } from '../form/button.tsx';
import { Dialog } from '../layout/dialog.tsx';
import { ScrollRegion } from '../layout/scroll-region.tsx';

interface Prunable {
  id: string;
  name: string;
  note?: string;
}

interface PruneDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  lead: ReactNode;
  /** Exactly what goes; undefined while it is looked up. */
  items: readonly Prunable[] | undefined;
  error: unknown;
  onRetry: () => void;
  /** What removing them frees. */
  frees?: string | undefined;
  busy: boolean;
  failure: string | null;
  onPrune: () => void;
  children?: ReactNode;
}

function Going({ label, items }: { label: string; items: readonly Prunable[] }) {
  return (
    <ScrollRegion label={label} className="max-h-72 rounded-md border border-line">
      <ul>
        {items.map(({ id, name, note }) => (
          <li
            key={id}
            className="flex items-baseline justify-between gap-4 border-b border-line px-3 py-1.5 text-sm last:border-0"
          >
            <span className="min-w-0 font-mono break-all">{name}</span>
            {note !== undefined && <span className="shrink-0 text-ink-3 tabular">{note}</span>}
          </li>
        ))}
      </ul>
    </ScrollRegion>
  );
}

/** Shows everything that would go before it goes. */
export function PruneDialog({
  open,
  onClose,
  title,
  lead,
  items,
  error,
  onRetry,
  frees,
  busy,
  failure,
  onPrune,
  children,
}: PruneDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      subtitle={lead}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="danger" busy={busy} disabled={(items?.length ?? 0) === 0} onClick={onPrune}>
            {t('prune.remove', { count: items?.length ?? 0 })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {children}
        {items === undefined && error !== null && error !== undefined && (
          <LoadFailed title={t('prune.lookFailed')} error={error} onRetry={onRetry} />
        )}
        {items === undefined && !error && <SkeletonRows rows={4} className="h-9" />}
        {items?.length === 0 && <p className="text-sm text-ink-3">{t('prune.nothing')}</p>}
        {items && items.length > 0 && <Going label={title} items={items} />}
        {frees !== undefined && items && items.length > 0 && (
          <p className="text-sm text-ink-2">{t('prune.frees', { size: frees })}</p>
        )}
        {failure !== null && (
          <Callout alert tone="bad" title={t('prune.failed')}>
            {failure}
          </Callout>
        )}
      </div>
    </Dialog>
  );
}
