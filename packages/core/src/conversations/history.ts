import type { Message } from '@switchboard/agents';
import { historyOf } from '@switchboard/agents/chat';

export interface ToldBefore {
  systemPrompt: string;
  /** The messages before this round. */
  before: readonly Message[];
  /** This round, as far as it is. */
  round: readonly Message[];
  /** Whether the model takes images. */
  images: boolean;
}

const goOn = 'Your answer was cut off. Go on exactly where it ended, and repeat nothing of it.';

/**
 * The messages for a model. After an answer that ended in the middle a message asks it to continue, because providers
 * want a message to answer.
 */
export function toldTo({ systemPrompt, before, round, images }: ToldBefore): Message[] {
  const told = historyOf({ system: systemPrompt, rounds: [{ messages: before }, { messages: round }], images });
  const last = told.at(-1);
  const isCut = last?.role === 'assistant' && last.tool_calls === undefined;
  return isCut ? [...told, { role: 'user', content: goOn }] : told;
}
