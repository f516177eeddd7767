import { useTranslation } from 'react-i18next';
import { tellReason } from '../../lib/reasons.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Markdown } from '../../ui/markdown/markdown.tsx';
import { Code } from '../../ui/text/code.tsx';
import { CopyIcon } from '../../ui/text/copy.tsx';
import { BudgetUsed } from './budget-used.tsx';
import type { ShownVisit } from './run-visits.ts';
import type { RunDetail, RunState } from './types.ts';

interface RunOverviewProps {
  run: RunDetail;
  state: RunState;
  visits: readonly ShownVisit[];
  /** Nodes at which a person is asked. */
  waiting: readonly string[];
  onShow: (node: string) => void;
}

/** What a run was given, and what it came to. */
export function RunOverview({ run, state, visits, waiting, onShow }: RunOverviewProps) {
  const { t } = useTranslation();
  const { failure, finalResult, inputs, executionChain } = run;
  return (
    <div className="flex flex-col gap-5">
      {waiting.length > 0 && (
        <Callout
          tone="warn"
          title={t('graphs.answer.title')}
          actions={waiting.map((node) => (
            <Button key={node} size="sm" onClick={() => onShow(node)}>
              {t('graphs.answer.open', { node })}
            </Button>
          ))}
        >
          {t('graphs.answer.lead')}
        </Callout>
      )}
      {state === 'failed' && failure && (
        <Callout alert tone="bad" title={t('graphs.run.failed')}>
          <p>{tellReason(failure, failure.text, t)}</p>
          <p>{t('graphs.run.failedHint')}</p>
        </Callout>
      )}
      {state === 'cancelled' && <Callout title={t('graphs.run.stopped')}>{t('graphs.run.stoppedHint')}</Callout>}
      <BudgetUsed run={run} visits={visits} />
      {finalResult !== '' && (
        <section>
          <h3 className="mb-1 flex items-center justify-between text-sm font-semibold">
            {t(state === 'done' ? 'graphs.run.result' : 'graphs.run.resultSoFar')}
            <CopyIcon text={finalResult} label={t('graphs.run.copyResult')} />
          </h3>
          <Markdown text={finalResult} />
        </section>
      )}
      <section>
        <h3 className="mb-1 text-sm font-semibold">{t('graphs.run.input')}</h3>
        {inputs.map((input, at) => (
          <Code key={at} wrap label={t('graphs.run.input')} text={input} />
        ))}
      </section>
      {executionChain.length > 0 && (
        <section>
          <h3 className="mb-1 text-sm font-semibold">{t('graphs.run.order')}</h3>
          <ol className="flex list-decimal flex-col gap-0.5 pl-5 text-sm text-ink-2">
            {executionChain.map((names, at) => (
              <li key={at}>{names.map((name) => (name === 'start' ? t('graphs.terminal.start') : name)).join(', ')}</li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
