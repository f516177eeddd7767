import { History, Undo2 } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Version } from '../../lib/api-types.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { Callout } from '../feedback/callout.tsx';
import { Empty } from '../feedback/empty.tsx';
import { Button } from '../form/button.tsx';
import { Segmented } from '../form/segmented.tsx';
import { Card } from '../layout/card.tsx';
import { VersionList } from './version-list.tsx';

/** The way back to a version. */
export interface RollBack {
  ask: (number: number) => Promise<void>;
  busy: boolean;
  disabled?: boolean;
  /** Why a version could not be restored, and which. */
  failure: { number: number; message: string } | null;
}

interface VersionHistoryProps {
  /** Newest first. */
  versions: readonly Version[];
  /** How many are kept. */
  most: number;
  shown: VersionSearch;
  onShow: (next: VersionSearch) => void;
  /** What is other in the second of two versions. */
  Changes: ComponentType<{ from: number; to: number }>;
  /** Null where the reader may not go back. */
  rollBack: RollBack | null;
}

/** What something was after each of its changes, what a change was, and the way back. */
export function VersionHistory({ versions, most, shown, onShow, Changes, rollBack }: VersionHistoryProps) {
  const { t } = useTranslation();
  const { version, against } = shown;
  const [newest] = versions;
  const chosen = versions.find(({ number }) => number === version) ?? newest;
  if (!newest || !chosen) {
    return (
      <Card>
        <Empty icon={<History />} title={t('versions.none')}>
          {t('versions.noneHint')}
        </Empty>
      </Card>
    );
  }
  const { number } = chosen;
  const before = versions.find((one) => one.number < number);
  const isNewest = number === newest.number;
  const withNow = !isNewest && against === 'now';
  const from = withNow ? newest : before;
  const failure = rollBack?.failure?.number === number ? rollBack.failure : null;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <Card flush title={t('versions.list')}>
        <VersionList versions={versions} chosen={number} onChoose={(next) => onShow({ version: next, against })} />
        <p className="border-t border-line px-4 py-2 text-xs text-ink-3">{t('versions.most', { count: most })}</p>
      </Card>
      <Card
        title={t('versions.number', { number })}
        actions={
          rollBack &&
          !isNewest && (
            <Button
              size="sm"
              busy={rollBack.busy}
              disabled={rollBack.disabled === true}
              icon={<Undo2 aria-hidden className="size-3.5" />}
              onClick={() => void rollBack.ask(number)}
            >
              {t('versions.rollBack')}
            </Button>
          )
        }
      >
        <div className="flex flex-col gap-5">
          {failure && (
            <Callout alert tone="bad" title={t('versions.refused')}>
              {failure.message}
            </Callout>
          )}
          {!isNewest && (
            <Segmented
              small
              label={t('versions.compare')}
              value={withNow ? 'now' : 'before'}
              onChange={(next) => onShow({ version: number, against: next === 'now' ? 'now' : undefined })}
              options={[
                { value: 'before', label: t('versions.againstBefore') },
                { value: 'now', label: t('versions.againstNow') },
              ]}
            />
          )}
          {from ? (
            <Changes from={from.number} to={number} />
          ) : (
            <p className="text-sm text-ink-3">{t('versions.first')}</p>
          )}
        </div>
      </Card>
    </div>
  );
}
