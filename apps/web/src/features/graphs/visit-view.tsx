import { CornerDownRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Status, type StatusShape, type StatusTone } from '../../ui/feedback/status.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { AnswerView } from '../../ui/rounds/answer-view.tsx';
import { ToolCard } from '../../ui/rounds/tool-card.tsx';
import { UsageLine } from '../../ui/rounds/usage-line.tsx';
import { Code } from '../../ui/text/code.tsx';
import { Duration, Elapsed } from '../../ui/text/time.tsx';
import { AnswerForm } from './answer-form.tsx';
import type { ShownVisit, VisitState } from './run-visits.ts';

export const visitLooks: Record<VisitState, { shape: StatusShape; tone: StatusTone }> = {
  going: { shape: 'half', tone: 'accent' },
  waiting: { shape: 'diamond', tone: 'warn' },
  done: { shape: 'disc', tone: 'ok' },
  passed: { shape: 'diamond', tone: 'warn' },
  failed: { shape: 'triangle', tone: 'bad' },
  cut: { shape: 'square', tone: 'idle' },
};

type PromptMessage = ShownVisit['prompt'][number];

function textOf(message: PromptMessage): string {
  const { content } = message;
  const [call] = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  if (call) return `${call.function.name} ${call.function.arguments}`;
  if (content === null || typeof content === 'string') return content ?? '';
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

const promptLabels = {
  system: 'graphs.node.systemPrompt',
  developer: 'graphs.node.systemPrompt',
  user: 'graphs.node.userPrompt',
  assistant: 'graphs.visit.call',
  tool: 'graphs.visit.call',
} as const;

function Prompt({ of }: { of: ShownVisit['prompt'] }) {
  const { t } = useTranslation();
  return (
    <Disclosure title={<span className="text-ink-3">{t('graphs.visit.prompt')}</span>}>
      <div className="flex flex-col gap-2">
        {of.map((message, at) => {
          const label = t(promptLabels[message.role]);
          return (
            <div key={at}>
              <p className="mb-1 text-xs font-medium text-ink-3">{label}</p>
              <Code wrap label={label} text={textOf(message)} />
            </div>
          );
        })}
      </div>
    </Disclosure>
  );
}

/** Where the output of a node is not what its model said last. */
function Output({ visit: { output, parts } }: { visit: ShownVisit }) {
  const { t } = useTranslation();
  const said = parts.findLast((part) => part.kind === 'answer');
  if (output === null || output === '' || output === said?.text) return null;
  return (
    <div>
      <p className="mb-1 text-xs font-medium text-ink-3">{t('graphs.visit.output')}</p>
      <Code wrap label={t('graphs.visit.output')} text={output} />
    </div>
  );
}

interface VisitViewProps {
  visit: ShownVisit;
  title: string;
  isOnly: boolean;
  runId: string;
}

/** What was asked and said at one visit of a node; the only one needs no title, since it stands under the node's. */
export function VisitView({ visit, title, isOnly, runId }: VisitViewProps) {
  const { t } = useTranslation();
  const { state, prompt, parts, handoff, used, startedAt, endedAt } = visit;
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <h3 className={isOnly ? 'sr-only' : 'font-semibold wrap-anywhere'}>{title}</h3>
        <Status {...visitLooks[state]} label={t(`graphs.visit.state.${state}`)} />
        <span className="text-xs text-ink-3">
          {state === 'going' ? (
            <Elapsed since={startedAt} />
          ) : (
            endedAt !== null && <Duration ms={Math.max(0, endedAt - startedAt)} />
          )}
        </span>
      </div>
      {visit.question !== null && <AnswerForm runId={runId} visit={visit} question={visit.question} />}
      {prompt.length > 0 && <Prompt of={prompt} />}
      {parts.map((part) =>
        part.kind === 'answer' ? <AnswerView key={part.key} part={part} /> : <ToolCard key={part.key} part={part} />,
      )}
      {handoff !== null && (
        <p className="flex items-center gap-2 text-sm text-accent-text">
          <CornerDownRight aria-hidden className="size-4" />
          {t('graphs.visit.handoff', { to: handoff })}
        </p>
      )}
      {visit.branch !== null && (
        <p className="flex items-center gap-2 text-sm text-accent-text">
          <CornerDownRight aria-hidden className="size-4" />
          {visit.branch.length === 0
            ? t('graphs.visit.nowhere')
            : t('graphs.visit.branch', {
                to: visit.branch.map((name) => (name === 'end' ? t('graphs.terminal.end') : name)).join(', '),
              })}
        </p>
      )}
      <Output visit={visit} />
      <p className="text-xs text-ink-3">
        <UsageLine of={used} />
      </p>
    </section>
  );
}
