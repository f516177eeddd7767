import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Code, Json } from '../../ui/text/code.tsx';
import { Duration } from '../../ui/text/time.tsx';
import { answerOf } from './answer-of.ts';
import type { Tried } from './types.ts';

const known = ['model', 'template', 'static', 'replay', 'canned'] as const;

/** How the answer came to be. */
function How({ tried }: { tried: Tried }) {
  const { t } = useTranslation();
  const mode = known.find((each) => each === tried.mode);
  return (
    <p className="flex flex-wrap items-center gap-1.5 text-sm text-ink-3">
      {mode !== undefined && <Badge tone="accent">{t(`apps.mode.${mode}`)}</Badge>}
      {tried.model !== null && <Badge mono>{tried.model}</Badge>}
      {tried.faults.map((fault, index) => (
        <Badge key={index} tone="warn">
          {fault}
        </Badge>
      ))}
      <Duration ms={tried.tookMs} />
    </p>
  );
}

/** What a trial came to, and the state after it. What the product says is shown as data. */
export function TryResult({ tried }: { tried: Tried }) {
  const { t } = useTranslation();
  const answer = answerOf(tried.result);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <h3 className="text-sm font-semibold">{t('apps.try.result')}</h3>
      <How tried={tried} />
      {tried.wire !== null && <Callout tone="warn" title={t('apps.try.wire', { fault: tried.wire })} />}
      {tried.error && (
        <Callout tone="bad" title={tried.error.message}>
          <span className="font-mono text-xs">{tried.error.code}</span>
        </Callout>
      )}
      {answer?.isError && <Callout tone="bad" title={t('apps.try.toolError')} />}
      {answer &&
        ('value' in answer ? (
          <Json value={answer.value} label={t('apps.try.result')} />
        ) : (
          <Code wrap text={answer.text} label={t('apps.try.result')} />
        ))}
      {tried.error?.data !== undefined && <Json value={tried.error.data} label={t('apps.try.errorData')} />}
      <h3 className="mt-1 text-sm font-semibold">{t('apps.try.state')}</h3>
      <Json value={tried.state} label={t('apps.try.state')} />
    </div>
  );
}
