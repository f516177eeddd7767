import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { FilePlan } from '../../lib/api-types.ts';
import { tellReason } from '../../lib/reasons.ts';
import { Badge, type Tone } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';

type Entry = FilePlan['entries'][number];

const tones: Record<Entry['action'], Tone> = {
  create: 'ok',
  update: 'warn',
  unchanged: 'neutral',
  waits: 'accent',
  refused: 'bad',
};

function notSet(value: string | null, t: TFunction): string {
  return value === null || value === '' ? t('settings.file.nothing') : value;
}

/** What becomes of the fields of an entry. */
function Changes({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const { action, changes, missing, reason, why } = entry;
  return (
    <div className="flex min-w-0 flex-col gap-1 text-sm">
      {reason !== null && <p className="break-words">{tellReason(why, reason, t)}</p>}
      {action === 'update' && (
        <ul className="flex flex-col gap-1">
          {changes.map(({ field, before, after }) => (
            <li key={field} className="break-words">
              <code className="font-mono text-xs">{field}</code>: <del className="text-ink-2">{notSet(before, t)}</del>{' '}
              → <ins className="no-underline">{notSet(after, t)}</ins>
            </li>
          ))}
        </ul>
      )}
      {action === 'create' && <p className="text-ink-2">{t('settings.file.fields', { count: changes.length })}</p>}
      {missing.length > 0 && (
        <p className="break-words text-warn">{t('settings.file.missingOf', { names: missing.join(', ') })}</p>
      )}
    </div>
  );
}

/** What applying a file would do, entry by entry; what stays as it is comes last, as a number. */
export function FilePlanView({ plan }: { plan: FilePlan }) {
  const { t } = useTranslation();
  const shown = plan.entries.filter(({ action, missing }) => action !== 'unchanged' || missing.length > 0);
  const kept = plan.kept.reduce((sum, { count }) => sum + count, 0);
  return (
    <Card flush title={t('settings.file.plan')}>
      {plan.counts.refused > 0 && (
        <div className="p-4">
          <Callout alert tone="bad" title={t('settings.file.refused', { count: plan.counts.refused })} />
        </div>
      )}
      {shown.length > 0 && (
        <ScrollRegion label={t('settings.file.plan')} className="max-h-[36rem]">
          <table aria-label={t('settings.file.plan')} className="w-full border-collapse text-left">
            <thead className="text-sm text-ink-3">
              <tr className="border-b border-line">
                <th scope="col" className="px-4 py-2 font-medium">
                  {t('settings.file.entry')}
                </th>
                <th scope="col" className="px-4 py-2 font-medium">
                  {t('settings.file.becomes')}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <tr key={`${entry.section}.${entry.name}`} className="border-b border-line align-top last:border-0">
                  <th scope="row" className="w-2/5 min-w-24 px-4 py-2.5 font-normal wrap-anywhere">
                    <span className="block text-xs text-ink-3">{entry.section}</span>
                    <span className="font-medium">{entry.name}</span>
                  </th>
                  <td className="px-4 py-2.5">
                    <Badge tone={tones[entry.action]}>{t(`settings.file.action.${entry.action}`)}</Badge>
                    <Changes entry={entry} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      <p className="px-4 py-3 text-sm text-ink-3">
        {t('settings.file.stays', { unchanged: plan.counts.unchanged, kept })}
      </p>
    </Card>
  );
}
