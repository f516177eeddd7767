import { z } from 'zod';
import { ByRun } from './fields.ts';

/** A question of a round to its owner, for which the round waits. */
export type RoundQuestion =
  /** Whether a tool may be called. */
  | {
      type: 'approval';
      callId: string;
      server: string;
      tool: string;
      title: string | null;
      readOnly: boolean;
      destructive: boolean;
      arguments: Record<string, unknown>;
    }
  /** Asks whether to repeat a call that a hub began before it died. */
  | { type: 'repeat'; callId: string; server: string; tool: string }
  /** A request of a server during a call: `elicitation/create`, `sampling/createMessage`. */
  | { type: 'server'; callId: string; server: string; method: string; params: Record<string, unknown> };

export const RoundAnswer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('approval'),
    allowed: z.boolean(),
    /** For how long that is an answer: this call, this conversation, or always. */
    remember: z.enum(['once', 'conversation', 'always']).default('once'),
  }),
  z.object({
    type: z.literal('repeat'),
    choice: z.enum(['repeat', 'skip', 'fail']),
    /** The text that the model gets instead of a result; for `skip`. */
    text: z.string().max(10_000).default(''),
  }),
  /** The result of the server's request, for example `{action: 'accept', content: {…}}`. */
  z.object({ type: z.literal('server'), result: z.record(z.string(), z.unknown()) }),
  /** The model of the conversation answers what a server wants sampled. */
  z.object({ type: z.literal('model') }),
  z.object({ type: z.literal('declined'), reason: z.string().trim().min(1).max(1_000) }),
]);
export type RoundAnswer = z.infer<typeof RoundAnswer>;

export const AnswerRound = ByRun.extend({ askId: z.string().max(64), answer: RoundAnswer });
