import type { Parameters } from '@switchboard/agents';
import type { ToolOutcome } from '@switchboard/agents/chat';
import type { Ctx } from '../context.ts';
import { isDomainError } from '../errors.ts';
import { generationPrompt } from '../generation/instructions.ts';
import { nameConversationJob } from '../jobs/types/name-conversation.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { requireModel } from '../models/queries.ts';
import { say } from '../reasons.ts';
import { hubStops, type Run, type RunTeller } from '../runs/contract.ts';
import { ownerOf } from '../runs/live.ts';
import { beginSpan, endWith } from '../spans.ts';
import { askingOf, createQuestioner, type Questioner } from './asking.ts';
import { tellChanged } from './changed.ts';
import { converse, newTally, type Plan, type RoundJournal, type Tally } from './converse.ts';
import { toTold } from './events.ts';
import { endInConversation, reasonOf, type End } from './finish.ts';
import type { HeldRound } from './held-round.ts';
import { toldTo } from './history.ts';
import { notMadeAgain } from './lost-calls.ts';
import { messagesOf, settingsOf } from './messages.ts';
import { createRoundJournal, lastTurnOf } from './round-journal.ts';
import type { RoundEnding, RoundSettings } from './schema.ts';

type Teller = RunTeller<'chat.round'>;

/** Whether a run is a round of a conversation that people speak in. */
export function isRound({ kind }: Pick<AgentRunRow, 'kind'>): boolean {
  return kind === 'chat' || kind === 'generation';
}

const mostTurns = 10;

/** Carries a round out apart from the request that began it. Throws where the person, or the conversation, has one that goes. */
export function startRound(ctx: Ctx, round: HeldRound): Run<'chat.round'> {
  const { run, hold, isLetIn = false } = round;
  const conversationId = run.conversationId ?? '';
  return ctx.runs.start(
    {
      id: run.id,
      epoch: hold.epoch,
      isLetIn,
      kind: 'chat.round',
      subject: conversationId,
      resource: { type: 'conversation' },
      owner: ownerOf(ctx.actor),
      facts: { conversationId },
      key: `chat:${run.id}`,
    },
    async (teller) => {
      const facts = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.conversation.id': conversationId };
      const trace = beginSpan(ctx, { name: 'invoke_agent', kind: 'internal', facts });
      return await endWith(trace, carryOut({ ...ctx, trace, signal: teller.signal }, round, teller));
    },
  );
}

async function carryOut(ctx: Ctx, round: HeldRound, teller: Teller): Promise<RoundEnding> {
  const { run, hold } = round;
  const tally = newTally(run.model);
  const ask = createQuestioner(ctx, round, teller);
  const journal = watchCuts(
    createRoundJournal(ctx, hold, round.steps, (call, { item }) =>
      doubt(round, ask, call.id, { item, signal: teller.signal }),
    ),
  );
  try {
    const plan = await planOf(ctx, round, teller, { journal, ask });
    const events = converse(ctx, plan, tally);
    for (;;) {
      const { done, value } = await events.next();
      if (done) {
        await finish(ctx, round, tally, { state: 'done', finish: value.reason, failure: null });
        return { reason: value.reason, used: tally.used };
      }
      teller.tell(toTold(value));
    }
  } catch (error) {
    const end = endOf(teller.signal, error, journal.wasCut());
    if (end) await finish(ctx, round, tally, end);
    throw error;
  }
}

/** A journal that knows whether an answer ended in the middle. */
function watchCuts(journal: RoundJournal): RoundJournal & { wasCut(): boolean } {
  let cut = false;
  return {
    ...journal,
    async cut(taken) {
      await journal.cut(taken);
      cut ||= (taken.message.content ?? '') !== '' || taken.message.reasoning_content !== undefined;
    },
    wasCut: () => cut,
  };
}

/** One answer is wanted, and in pieces or not as the caller wants it. */
function parametersOf({ options: { stream: _stream, n: _n, ...options } }: RoundSettings): Parameters {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

async function planOf(
  ctx: Ctx,
  round: HeldRound,
  teller: Teller,
  { journal, ask }: { journal: RoundJournal; ask: Questioner },
): Promise<Plan> {
  const { run, steps } = round;
  const settings = settingsOf(run);
  const { toolProtocol, contextWindow, images } = await requireModel(ctx, settings.model, 'model.use');
  const isGeneration = run.kind === 'generation';
  const lastTurn = lastTurnOf(steps);
  const cut = steps.filter(({ state }) => state === 'cut').length;
  return {
    model: settings.model,
    fallback: settings.fallback,
    protocol: toolProtocol,
    contextWindow,
    messages: toldTo({
      systemPrompt: isGeneration ? await generationPrompt(ctx, run) : settings.systemPrompt,
      before: round.before,
      round: messagesOf(run, steps),
      images,
    }),
    chosen: settings.chosen,
    options: parametersOf(settings),
    way: isGeneration ? 'generation' : 'chat',
    signal: teller.signal,
    journal,
    stream: round.stream,
    ...(lastTurn > 0 && { firstTurn: lastTurn + 1 }),
    // An answer that was cut is continued, however often it happens.
    mostTurns: mostTurns + cut,
    ...askingOf(ctx, round, settings.model, ask),
    onProgress: (event) => teller.tell(event),
  };
}

/** The decision of a person about a call that may have been made; where nobody watches, it is not repeated. */
async function doubt(
  { isWatched }: HeldRound,
  ask: Questioner,
  callId: string,
  { item, signal }: { item: { serverId: string; name: string }; signal: AbortSignal },
): Promise<ToolOutcome | null> {
  if (!isWatched) return notMadeAgain;
  const answer = await ask({ type: 'repeat', callId, server: item.serverId, tool: item.name }, signal);
  if (answer?.type !== 'repeat' || answer.choice === 'fail') return notMadeAgain;
  return answer.choice === 'repeat' ? null : { content: answer.text || notMadeAgain.content, isError: false };
}

/** The end of a round that did not finish; null where another hub continues it, or this one after its restart. */
function endOf(signal: AbortSignal, error: unknown, wasCut: boolean): End | null {
  if (signal.reason === hubStops) return wasCut ? { state: 'failed', finish: null, failure: say('answerCut') } : null;
  if (signal.aborted && !isDomainError(signal.reason)) return { state: 'cancelled', finish: null, failure: null };
  return { state: 'failed', finish: null, failure: reasonOf(signal.aborted ? signal.reason : error) };
}

async function finish(ctx: Ctx, round: HeldRound, tally: Tally, end: End): Promise<void> {
  const { run } = round;
  const conversation = await endInConversation(ctx, round, tally, end);
  if (!conversation || run.conversationId === null) return;
  await tellChanged(ctx, run.conversationId);
  // Of two that answer the same, one is asked for a title.
  const isUntitled = conversation.titledBy === 'nobody' && conversation.headId === run.id;
  if (end.state === 'done' && isUntitled) await ctx.jobs.send(ctx.db, nameConversationJob, { runId: run.id });
}
