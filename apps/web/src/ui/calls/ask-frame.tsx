import { MessageCircleQuestion } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Ask, Params, Reply } from '../../lib/calls/run-state.ts';
import { toFailure } from '../../lib/trpc.ts';

export interface AskProps {
  ask: Ask;
  serverId: string;
  onAnswer: (reply: Reply) => Promise<void>;
  /** Lets a model answer what is asked of one; absent where there is none. */
  onModel?: (() => Promise<void>) | undefined;
}

/** For the server, which may show it to nobody: English like the protocol's own. */
const declinedByUser = 'The user declined to answer.';

/** Sends an answer and keeps what went wrong with it. */
export function useAnswer(onAnswer: AskProps['onAnswer']) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  function run(answering: Promise<void>) {
    setBusy(true);
    void answering.catch((error: unknown) => setProblem(toFailure(error).message)).finally(() => setBusy(false));
  }
  function reply(given: Reply) {
    run(onAnswer(given));
  }
  return {
    run,
    busy,
    problem,
    send: (result: Params) => reply({ result }),
    decline: () => reply({ declined: declinedByUser }),
  };
}

/** The box every question comes in. */
export function AskFrame({
  title,
  problem,
  actions,
  children,
}: {
  title: string;
  problem: string | null;
  actions: ReactNode;
  children: ReactNode;
}) {
  return (
    <section
      role="group"
      aria-label={title}
      className="animate-rise rounded-lg border-2 border-accent bg-surface p-4 shadow-lift"
    >
      <p role="alert" className="mb-3 flex items-center gap-2 font-semibold">
        <MessageCircleQuestion aria-hidden className="size-4 text-accent-text" />
        {title}
      </p>
      {children}
      {problem !== null && <p className="mt-3 text-sm font-medium text-bad">{problem}</p>}
      <div className="mt-4 flex flex-wrap gap-2">{actions}</div>
    </section>
  );
}
