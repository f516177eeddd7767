import { useMutation } from '@tanstack/react-query';
import { ShieldQuestion } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';
import { AskCard } from '../../ui/calls/ask-card.tsx';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select, Textarea } from '../../ui/form/input.tsx';
import type { LiveAsk } from '../../ui/rounds/live-round.ts';
import type { Question } from '../../ui/rounds/types.ts';
import { Json } from '../../ui/text/code.tsx';

type Answer = Inputs['conversations']['answer']['answer'];
type QuestionOf<Type extends Question['type']> = Extract<Question, { type: Type }>;

interface Asked<Type extends Question['type']> {
  question: QuestionOf<Type>;
  busy: boolean;
  onAnswer: (answer: Answer) => void;
}

function Approval({ question, busy, onAnswer }: Asked<'approval'>) {
  const { t } = useTranslation();
  const [remember, setRemember] = useState<'once' | 'conversation' | 'always'>('once');
  return (
    <>
      <p className="mb-2 flex flex-wrap items-center gap-2 text-sm">
        <span>
          {t('conversations.ask.approvalBody', { tool: question.title ?? question.tool, server: question.server })}
        </span>
        {question.destructive && <Badge tone="bad">{t('conversations.ask.destructive')}</Badge>}
        {question.readOnly && <Badge tone="ok">{t('conversations.ask.readOnly')}</Badge>}
      </p>
      <Json value={question.arguments} label={t('round.tool.arguments')} />
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button
          look="primary"
          size="sm"
          busy={busy}
          onClick={() => onAnswer({ type: 'approval', allowed: true, remember })}
        >
          {t('conversations.ask.allow')}
        </Button>
        <Button size="sm" disabled={busy} onClick={() => onAnswer({ type: 'approval', allowed: false, remember })}>
          {t('conversations.ask.deny')}
        </Button>
        <Select
          compact
          aria-label={t('conversations.ask.remember')}
          value={remember}
          onChange={({ target: { value } }) => setRemember(value as typeof remember)}
        >
          <option value="once">{t('conversations.ask.once')}</option>
          <option value="conversation">{t('conversations.ask.conversation')}</option>
          <option value="always">{t('conversations.ask.always')}</option>
        </Select>
      </div>
    </>
  );
}

function Repeat({ question, busy, onAnswer }: Asked<'repeat'>) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  return (
    <>
      <p className="mb-3 text-sm">
        {t('conversations.ask.repeatBody', { tool: question.tool, server: question.server })}
      </p>
      <Field label={t('conversations.ask.instead')} hint={t('conversations.ask.insteadHint')}>
        <Textarea rows={2} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          look="primary"
          size="sm"
          busy={busy}
          onClick={() => onAnswer({ type: 'repeat', choice: 'repeat', text: '' })}
        >
          {t('conversations.ask.repeat')}
        </Button>
        <Button size="sm" disabled={busy} onClick={() => onAnswer({ type: 'repeat', choice: 'skip', text })}>
          {t('conversations.ask.skip')}
        </Button>
        <Button size="sm" disabled={busy} onClick={() => onAnswer({ type: 'repeat', choice: 'fail', text: '' })}>
          {t('conversations.ask.fail')}
        </Button>
      </div>
    </>
  );
}

/** What a server wants to know, for which the model may speak where it asks for a model. */
function ServerAsk({
  question: { server, method, params },
  askId,
  onAnswer,
}: {
  question: QuestionOf<'server'>;
  askId: string;
  onAnswer: (answer: Answer) => Promise<void>;
}) {
  return (
    <AskCard
      ask={{ askId, method, params }}
      serverId={server}
      onAnswer={(reply) =>
        onAnswer(
          'result' in reply ? { type: 'server', result: reply.result } : { type: 'declined', reason: reply.declined },
        )
      }
      onModel={method === 'sampling/createMessage' ? () => onAnswer({ type: 'model' }) : undefined}
    />
  );
}

function Frame({ title, problem, children }: { title: string; problem: string | null; children: ReactNode }) {
  return (
    <section role="group" aria-label={title} className="rounded-lg border-2 border-accent bg-surface p-3">
      <h4 role="alert" className="mb-2 flex items-center gap-2 font-semibold">
        <ShieldQuestion aria-hidden className="size-4 text-accent-text" />
        {title}
      </h4>
      {children}
      {problem !== null && <p className="mt-2 text-sm font-medium text-bad">{problem}</p>}
    </section>
  );
}

/** What a round asks, and waits for. */
export function AskView({ ask, runId, canAnswer }: { ask: LiveAsk; runId: string; canAnswer: boolean }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const send = useMutation(trpc.conversations.answer.mutationOptions());
  const { question, askId } = ask;
  const problem = send.error ? toFailure(send.error).message : null;
  const asked = {
    busy: send.isPending || send.isSuccess,
    onAnswer: (answer: Answer) => send.mutate({ runId, askId, answer }),
  };
  if (!canAnswer) return <p className="text-sm text-ink-3">{t('conversations.ask.ofOwner')}</p>;
  switch (question.type) {
    case 'approval':
      return (
        <Frame title={t('conversations.ask.approval')} problem={problem}>
          <Approval question={question} {...asked} />
        </Frame>
      );
    case 'repeat':
      return (
        <Frame title={t('conversations.ask.repeatTitle')} problem={problem}>
          <Repeat question={question} {...asked} />
        </Frame>
      );
    case 'server':
      return (
        <ServerAsk
          question={question}
          askId={askId}
          onAnswer={async (answer) => void (await send.mutateAsync({ runId, askId, answer }))}
        />
      );
  }
}
