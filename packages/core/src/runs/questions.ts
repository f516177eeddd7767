import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';

/** The questions of one run that wait for an answer. */
export interface Questions<Answer> {
  /** `asked` and `closed` get its id; the signals end it unanswered. */
  ask(signals: readonly AbortSignal[], tell: { asked(id: string): void; closed(id: string): void }): Promise<Answer>;
  /** False where no such question is open. */
  settle(id: string, answer: Answer): boolean;
}

function nobodyAnswered(ms: number): Reason {
  return ms >= 60_000
    ? say('nobodyAnsweredMinutes', { minutes: Math.round(ms / 60_000) })
    : say('nobodyAnsweredSeconds', { seconds: Math.round(ms / 1_000) });
}

export function createQuestions<Answer>(most: { questions: number; answerMs: number }): Questions<Answer> {
  const open = new Map<string, (answer: Answer) => void>();
  return {
    async ask(signals, { asked, closed }) {
      if (open.size >= most.questions) {
        throw new DomainError('limit_exceeded', say('mostQuestions', { number: open.size }));
      }
      const signal = AbortSignal.any([...signals]);
      const id = newId();
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      function leave() {
        reject(new Error('The run ended before the question was answered.'));
      }
      const timer = setTimeout(() => {
        reject(new DomainError('timeout', nobodyAnswered(most.answerMs)));
      }, most.answerMs);
      timer.unref();
      if (signal.aborted) leave();
      signal.addEventListener('abort', leave, { once: true });
      open.set(id, resolve);
      asked(id);
      try {
        return await promise;
      } finally {
        open.delete(id);
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        closed(id);
      }
    },
    settle(id, answer) {
      const resolve = open.get(id);
      open.delete(id);
      resolve?.(answer);
      return resolve !== undefined;
    },
  };
}
