import type { JsonObject, ToolCall } from '@switchboard/agents';
import type { ToolOutcome } from '@switchboard/agents/chat';
import type { Ask } from '@switchboard/mcp-runtime/types';
import type { Ctx } from '../context.ts';
import { isDomainError } from '../errors.ts';
import { markRun } from '../journal/write.ts';
import type { RunTeller } from '../runs/contract.ts';
import type { Plan } from './converse.ts';
import type { HeldRound } from './held-round.ts';
import { sampleBy } from './sampling.ts';
import type { RoundAnswer, RoundQuestion } from './schema.ts';
import { remember, verdictOf } from './tool-rules.ts';
import type { OpenedTool } from './tools.ts';

type Teller = RunTeller<'chat.round'>;

/** The code that revision 2025-11-25 shows for a request that the user rejects. */
const declinedByUser = -1;

/** The person's refusal, as the server hears it. */
class Declined extends Error {
  override name = 'Declined';
  readonly code = declinedByUser;
}

/** Puts questions to the owner of a round; the run waits while one is open. */
export function createQuestioner(ctx: Ctx, { hold }: HeldRound, teller: Teller) {
  let open = 0;
  /** Null where nobody answered in time. */
  return async (question: RoundQuestion, signal: AbortSignal): Promise<RoundAnswer | null> => {
    open += 1;
    if (open === 1) await markRun(ctx.db, hold, 'waiting');
    try {
      return await teller.ask(question, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isDomainError(error)) return null;
      throw error;
    } finally {
      open -= 1;
      if (open === 0) await markRun(ctx.db, hold, 'running');
    }
  };
}

export type Questioner = ReturnType<typeof createQuestioner>;

function refused(tool: string, why: string): ToolOutcome {
  return { content: `Tool ${tool} was not called: ${why}`, isError: true };
}

/** Whether a tool may be called that no rule speaks of: on a page, what changes nothing; elsewhere, everything. */
function usualVerdict(isWatched: boolean, { readOnly }: OpenedTool) {
  return !isWatched || readOnly ? 'allow' : 'ask';
}

/** Asks before calls, by the rules and by what a person says; where nobody watches, what has to be asked is refused. */
export function approverOf(
  ctx: Ctx,
  { conversationId, isWatched }: { conversationId: string | null; isWatched: boolean },
  ask: Questioner | null,
): NonNullable<Plan['approve']> {
  return async (call: ToolCall, args: JsonObject, tool: OpenedTool, isBegun: boolean) => {
    const { serverId, name } = tool.item;
    const at = { serverId, tool: name };
    const verdict = (await verdictOf(ctx, { ...at, conversationId })) ?? usualVerdict(isWatched, tool);
    // A call that a hub began before it died was allowed then.
    if (verdict === 'allow' || (verdict === 'ask' && isBegun)) return null;
    if (verdict === 'deny') return refused(name, 'a rule of this hub forbids it.');
    if (!ask || conversationId === null) {
      return refused(name, 'a person has to allow it, in a conversation on the page of this hub.');
    }
    const question: RoundQuestion = {
      type: 'approval',
      callId: call.id,
      server: serverId,
      tool: name,
      title: tool.title,
      readOnly: tool.readOnly,
      destructive: tool.destructive,
      arguments: args,
    };
    const answer = await ask(question, ctx.signal);
    if (answer === null) return refused(name, 'nobody allowed it in time.');
    if (answer.type !== 'approval' || !answer.allowed) return refused(name, 'the person refused it.');
    if (answer.remember !== 'once') await remember(ctx, { ...at, conversationId }, answer.remember);
    return null;
  };
}

/** Answers what servers ask during a call: the owner does, or lets the model of the conversation answer. */
function answererOf(ctx: Ctx, model: string, ask: Questioner): NonNullable<Plan['askOf']> {
  return (call, tool): Ask =>
    async ({ method, params }, signal) => {
      if (method === 'roots/list') return { roots: [] };
      const question: RoundQuestion = { type: 'server', callId: call.id, server: tool.item.serverId, method, params };
      const answer = await ask(question, AbortSignal.any([signal, ctx.signal]));
      if (answer?.type === 'server') return answer.result;
      if (answer?.type === 'model' && method === 'sampling/createMessage')
        return sampleBy({ ...ctx, signal }, model, params);
      throw new Declined(answer?.type === 'declined' ? answer.reason : 'Nobody answered.');
    };
}

/** How a round asks its owner: before calls, and what servers want to know. */
export function askingOf(ctx: Ctx, round: HeldRound, model: string, ask: Questioner): Pick<Plan, 'approve' | 'askOf'> {
  const { isWatched, run } = round;
  const approve = approverOf(ctx, { conversationId: run.conversationId, isWatched }, isWatched ? ask : null);
  return { approve, ...(isWatched && { askOf: answererOf(ctx, model, ask) }) };
}
