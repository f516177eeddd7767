import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { count } from '../../lib/format.ts';
import { Duration } from '../../ui/text/time.tsx';

/** How many calls a server had in the last hour, and how they went. */
export function LastHour({ calls }: Pick<Server, 'calls'>) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <span className="tabular">{count(calls.count, i18n.language)}</span>
      {calls.errors > 0 && <span className="text-bad"> · {t('servers.detail.errors', { count: calls.errors })}</span>}
      {calls.toolErrors > 0 && (
        <span className="text-warn"> · {t('servers.detail.toolErrors', { count: calls.toolErrors })}</span>
      )}
      {calls.avgMs !== null && (
        <span className="text-ink-3">
          {' '}
          · <Duration ms={calls.avgMs} /> {t('servers.detail.average')}
        </span>
      )}
    </>
  );
}
