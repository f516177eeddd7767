import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContainerDetails } from '../../lib/api-types.ts';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';
import { CopyIcon } from '../../ui/text/copy.tsx';

function Pairs({ label, pairs, hidden }: { label: string; pairs: [string, string][]; hidden: boolean }) {
  const { t } = useTranslation();
  if (pairs.length === 0) return <p className="px-4 py-3 text-sm text-ink-3">{t('containers.nothingSet')}</p>;
  return (
    <ScrollRegion label={label} className="max-h-72">
      <dl className="px-4 py-1 font-mono text-xs">
        {pairs.map(([name, value]) => (
          <div
            key={name}
            className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-3 border-b border-line py-1 last:border-0"
          >
            <dt className="break-all text-ink-2">{name}</dt>
            <dd className="break-all">{hidden ? '••••••' : value}</dd>
            <dd>
              <CopyIcon text={value} label={t('containers.copyValue', { name })} />
            </dd>
          </div>
        ))}
      </dl>
    </ScrollRegion>
  );
}

function sorted(record: Readonly<Record<string, string>>) {
  return Object.entries(record).toSorted(([a], [b]) => a.localeCompare(b));
}

/** Values may be secrets: they are shown when asked for. */
export function EnvironmentCard({ container }: { container: ContainerDetails }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <Card
      flush
      title={t('containers.environment')}
      actions={
        <Button size="sm" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {t(shown ? 'containers.hideValues' : 'containers.showValues')}
        </Button>
      }
    >
      <Pairs label={t('containers.environment')} pairs={sorted(container.environment)} hidden={!shown} />
    </Card>
  );
}

export function LabelsCard({ container }: { container: ContainerDetails }) {
  const { t } = useTranslation();
  return (
    <Card flush title={t('common.labels')}>
      <Pairs label={t('common.labels')} pairs={sorted(container.labels)} hidden={false} />
    </Card>
  );
}
