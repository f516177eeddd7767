import { useTranslation } from 'react-i18next';
import type { StackCheck } from '../../lib/api-types.ts';
import { Badge, type Tone } from '../../ui/feedback/badge.tsx';
import { Status } from '../../ui/feedback/status.tsx';
import { Card } from '../../ui/layout/card.tsx';

const tones: Record<NonNullable<StackCheck['plan']>[number]['change'], Tone> = {
  create: 'ok',
  recreate: 'warn',
  start: 'accent',
  keep: 'neutral',
  remove: 'bad',
};

interface CheckSummaryProps {
  /** Null while it is looked at, or where there is nothing to look at. */
  check: StackCheck | null;
  pending: boolean;
  broken: boolean;
  failure: string | null;
}

function Word({ check, pending, broken, failure }: CheckSummaryProps) {
  const { t } = useTranslation();
  if (failure !== null) return <Status shape="triangle" tone="warn" label={t('stacks.notChecked')} />;
  if (broken) return <Status shape="diamond" tone="bad" label={t('stacks.invalid')} />;
  if (pending || check === null) return <Status shape="half" tone="idle" label={t('stacks.checking')} />;
  return check.valid ? (
    <Status shape="disc" tone="ok" label={t('stacks.valid')} />
  ) : (
    <Status shape="diamond" tone="bad" label={t('stacks.invalid')} />
  );
}

/** What the text would mean, before anything starts. */
export function CheckSummary(props: CheckSummaryProps) {
  const { t } = useTranslation();
  const { check, failure } = props;
  return (
    <Card title={t('stacks.check')} className="lg:sticky lg:top-20">
      <div className="flex min-h-40 flex-col gap-4 text-sm">
        <p role="status">
          <Word {...props} />
        </p>
        {failure !== null && <p className="break-words text-ink-2">{failure}</p>}
        {check?.project !== null && check?.project !== undefined && (
          <p>
            <span className="text-ink-3">{t('stacks.project')}</span> <code className="font-mono">{check.project}</code>
          </p>
        )}
        {check?.plan && check.plan.length > 0 && (
          <div>
            <p className="mb-1 font-medium">{t('stacks.plan')}</p>
            <ul className="flex flex-col gap-1">
              {check.plan.map(({ service, change }) => (
                <li key={service} className="flex items-center justify-between gap-3">
                  <span className="truncate">{service}</span>
                  <Badge tone={tones[change]}>{t(`stacks.change.${change}`)}</Badge>
                </li>
              ))}
            </ul>
          </div>
        )}
        {check && check.images.length > 0 && (
          <div>
            <p className="mb-1 font-medium">{t('common.images')}</p>
            <ul className="font-mono text-xs break-all text-ink-2">
              {check.images.map((image) => (
                <li key={image}>{image}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Card>
  );
}
