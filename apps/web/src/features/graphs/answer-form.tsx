import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select, Textarea } from '../../ui/form/input.tsx';
import { Markdown } from '../../ui/markdown/markdown.tsx';
import type { ShownVisit } from './run-visits.ts';

type Question = NonNullable<ShownVisit['question']>;

/** What a person says to the question of a node. */
function AnswerText({
  ask,
  value,
  onChange,
}: {
  ask: Question['ask'];
  value: string;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const labels = {
    answer: t('graphs.answer.text'),
    edit: t('graphs.answer.edit'),
    approve: t('graphs.answer.reason'),
    doubt: t('graphs.answer.instead'),
  };
  return (
    <Field label={labels[ask]} hint={t('graphs.answer.declineHint')}>
      <Textarea rows={ask === 'approve' ? 2 : 6} value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

/** A run that waits for a person goes on with the answer, or ends where it is declined. */
export function AnswerForm({ runId, visit: at, question }: { runId: string; visit: ShownVisit; question: Question }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { ask, text: asked, targets } = question;
  const [text, setText] = useState(ask === 'edit' ? asked : '');
  const [handoff, setHandoff] = useState('');
  const answer = useMutation(
    trpc.graphs.runs.answer.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.graphs.runs.pathFilter()),
    }),
  );
  const failure = answer.error && toFailure(answer.error);
  function send(accept: boolean, repeat = false) {
    const { node, visit } = at;
    answer.mutate({ runId, node, visit, accept, text, repeat, handoff: accept && handoff !== '' ? handoff : null });
  }
  return (
    <div className="flex flex-col gap-4 rounded-lg border border-warn/25 bg-warn-soft p-4">
      <p className="font-medium">{t(ask === 'doubt' ? 'graphs.answer.doubt' : 'graphs.answer.title')}</p>
      {ask !== 'edit' && <Markdown text={asked} />}
      <AnswerText ask={ask} value={text} onChange={setText} />
      {targets.length > 0 && (
        <Field label={t('graphs.answer.handoff')}>
          <Select value={handoff} onChange={(event) => setHandoff(event.target.value)}>
            <option value="">{t('graphs.answer.goOn')}</option>
            {targets.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {failure && (
        <Callout alert tone="bad" title={t('graphs.answer.failed')}>
          {failure.message}
        </Callout>
      )}
      <div className="flex flex-wrap gap-2">
        {ask === 'doubt' && (
          <Button busy={answer.isPending} onClick={() => send(true, true)}>
            {t('graphs.answer.repeat')}
          </Button>
        )}
        <Button
          look="primary"
          busy={answer.isPending}
          disabled={ask === 'answer' && text.trim() === ''}
          onClick={() => send(true)}
        >
          {t(ask === 'approve' ? 'graphs.answer.approve' : 'graphs.answer.send')}
        </Button>
        <Button busy={answer.isPending} onClick={() => send(false)}>
          {t('graphs.answer.decline')}
        </Button>
      </div>
    </div>
  );
}
