import { MessageCircleQuestion } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../form/button.tsx';
import { Json } from '../text/code.tsx';
import type { Params } from './messages.ts';

type Asked = { kind: 'link'; url: string } | { kind: 'call'; name: string; args: Params };

interface Question {
  asked: Asked;
  settle: (answer: boolean) => void;
}

/** More are refused unseen. */
const mostWaiting = 3;

/** Questions of an app to the person, one after the other. What is still open when the app goes is refused. */
export function useQuestions() {
  const [waiting, setWaiting] = useState<readonly Question[]>([]);
  const latest = useRef(waiting);
  const allowed = useRef(new Set<string>());
  function put(next: readonly Question[]) {
    latest.current = next;
    setWaiting(next);
  }
  useEffect(
    () => () => {
      for (const { settle } of latest.current) settle(false);
      latest.current = [];
    },
    [],
  );
  function ask(asked: Asked): Promise<boolean> {
    if (asked.kind === 'call' && allowed.current.has(asked.name)) return Promise.resolve(true);
    if (latest.current.length >= mostWaiting) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    put([...latest.current, { asked, settle: resolve }]);
    return promise;
  }
  function answer(question: Question, isAllowed: boolean, always: boolean) {
    if (always && question.asked.kind === 'call') allowed.current.add(question.asked.name);
    put(latest.current.filter((each) => each !== question));
    question.settle(isAllowed);
  }
  return { question: waiting[0], ask, answer };
}

interface QuestionCardProps {
  question: Question;
  onAnswer: (question: Question, isAllowed: boolean, always: boolean) => void;
}

/** What an app wants, for the person to allow or refuse. */
export function QuestionCard({ question, onAnswer }: QuestionCardProps) {
  const { t } = useTranslation();
  const { asked } = question;
  const title = t(asked.kind === 'link' ? 'appFrame.wantsLink' : 'appFrame.wantsCall');
  return (
    <section
      role="group"
      aria-label={title}
      className="animate-rise rounded-lg border-2 border-accent bg-surface p-4 shadow-lift"
    >
      <p role="alert" className="mb-3 flex items-center gap-2 font-semibold">
        <MessageCircleQuestion aria-hidden className="size-4 shrink-0 text-accent-text" />
        {title}
      </p>
      <code className="block rounded-md bg-sunken p-2 font-mono text-sm break-all">
        {asked.kind === 'link' ? asked.url : asked.name}
      </code>
      {asked.kind === 'call' && (
        <div className="mt-2">
          <Json value={asked.args} />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="primary" onClick={() => onAnswer(question, true, false)}>
          {t(asked.kind === 'link' ? 'appFrame.openLink' : 'appFrame.allowOnce')}
        </Button>
        {asked.kind === 'call' && (
          <Button onClick={() => onAnswer(question, true, true)}>{t('appFrame.allowTool')}</Button>
        )}
        <Button look="ghost" onClick={() => onAnswer(question, false, false)}>
          {t('appFrame.refuse')}
        </Button>
      </div>
    </section>
  );
}
