import { useTranslation } from 'react-i18next';
import type { Stack } from '../../lib/api-types.ts';
import { Status } from '../../ui/feedback/status.tsx';
import { Time } from '../../ui/text/time.tsx';

const looks = {
  ok: { shape: 'disc', tone: 'ok' },
  failed: { shape: 'diamond', tone: 'bad' },
  cancelled: { shape: 'square', tone: 'idle' },
} as const;

/** What was done to a stack last, and how it went. */
export function LastResult({ result }: { result: Stack['lastResult'] }) {
  const { t } = useTranslation();
  if (result === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-2" title={result.message ?? undefined}>
      <Status {...looks[result.outcome]} label={`${result.action} · ${t(`run.${result.outcome}`)}`} />
      <span className="text-xs text-ink-3">
        <Time value={result.at} />
      </span>
    </span>
  );
}
