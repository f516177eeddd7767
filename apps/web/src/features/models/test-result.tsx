import { useTranslation } from 'react-i18next';
import { duration } from '../../lib/format.ts';
import type { Outputs } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';

/** What a test of a model came to. */
export function TestResult({ result }: { result: Outputs['models']['test'] }) {
  const { t, i18n } = useTranslation();
  if (!result.ok) {
    return (
      <Callout alert tone="bad" title={t('models.testFailed')}>
        {result.status !== null && <span className="font-mono">{result.status} </span>}
        {result.message}
      </Callout>
    );
  }
  const first = result.firstTokenMs === null ? '–' : duration(result.firstTokenMs, i18n.language);
  return (
    <Callout tone="ok" title={t('models.testPassed', { first, total: duration(result.totalMs, i18n.language) })}>
      {result.text}
    </Callout>
  );
}
