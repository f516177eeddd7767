import { useTranslation } from 'react-i18next';
import type { Version } from '../../lib/api-types.ts';
import { cx } from '../class-names.ts';
import { Badge } from '../feedback/badge.tsx';
import { Time } from '../text/time.tsx';

interface VersionListProps {
  /** Newest first. */
  versions: readonly Version[];
  chosen: number;
  onChoose: (number: number) => void;
}

/** What something was after its changes, one of which is looked at. */
export function VersionList({ versions, chosen, onChoose }: VersionListProps) {
  const { t } = useTranslation();
  return (
    <ol aria-label={t('versions.list')} className="max-h-72 overflow-y-auto lg:max-h-[36rem] scroll-thin">
      {versions.map(({ number, at, by, restored }, index) => (
        <li key={number} className="border-b border-line last:border-b-0">
          <button
            type="button"
            aria-pressed={number === chosen}
            onClick={() => onChoose(number)}
            className={cx(
              'flex w-full flex-col gap-0.5 px-4 py-2.5 text-left focus-visible:-outline-offset-2',
              number === chosen ? 'bg-accent-soft' : 'hover:bg-sunken',
            )}
          >
            <span className="flex flex-wrap items-center gap-2 font-medium">
              {t('versions.number', { number })}
              {index === 0 && <Badge tone="accent">{t('versions.current')}</Badge>}
              {restored !== null && <Badge>{t('versions.restoredFrom', { number: restored })}</Badge>}
            </span>
            <span className="flex flex-wrap gap-x-2 text-sm text-ink-2">
              <span className="min-w-0 truncate">{by ?? (number === 1 ? t('versions.nobody') : '–')}</span>
              <Time value={at} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
