import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { duration } from '../../lib/format.ts';
import { Callout } from '../feedback/callout.tsx';
import { Disclosure } from '../layout/disclosure.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import type { AnswerPart } from './round-parts.ts';

const Text = memo(function Text({ text, streaming }: { text: string; streaming: boolean }) {
  return <Markdown text={text} streaming={streaming} />;
});

/** What was thought before something was said. */
function Reasoning({ part: { reasoning, thoughtMs, text, streaming } }: { part: AnswerPart }) {
  const { t, i18n } = useTranslation();
  const isThinking = streaming && text === '';
  const title = isThinking
    ? t('round.thinking')
    : thoughtMs === null
      ? t('round.thought')
      : t('round.thoughtFor', { time: duration(thoughtMs, i18n.language) });
  return (
    <Disclosure title={<span className="text-ink-3">{title}</span>}>
      <div className="border-l-2 border-line pl-3 text-sm text-ink-2">
        <Text text={reasoning} streaming={isThinking} />
      </div>
    </Disclosure>
  );
}

/** What a model said in one turn. */
export function AnswerView({ part }: { part: AnswerPart }) {
  const { t } = useTranslation();
  const { text, reasoning, refusal, streaming, model } = part;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h2 className="sr-only">{model ?? t('round.answer')}</h2>
      {reasoning !== '' && <Reasoning part={part} />}
      {text !== '' && <Text text={text} streaming={streaming} />}
      {refusal !== null && (
        <Callout tone="warn" title={t('round.refused')}>
          {refusal}
        </Callout>
      )}
    </div>
  );
}
