import type { LiveAsk, LiveCall, LiveRound, LiveTurn, Progress } from './live-round.ts';
import type { Call, CallResult, Round, Used } from './types.ts';

/** What a model said in one turn. */
export interface AnswerPart {
  kind: 'answer';
  key: string;
  text: string;
  reasoning: string;
  /** How long it thought, where that is known. */
  thoughtMs: number | null;
  refusal: string | null;
  model: string | null;
  used: Used | null;
  ms: number | null;
  /** It ended in the middle. */
  cut: boolean;
  streaming: boolean;
}

/** A tool that was called. */
export interface CallPart {
  kind: 'call';
  key: string;
  call: Call;
  /** Null where the model made the name up. */
  server: string | null;
  tool: string;
  title: string | null;
  state: 'going' | 'asked' | 'done' | 'failed' | 'lost';
  progress: Progress | null;
  result: CallResult | null;
  asks: readonly LiveAsk[];
}

export type Part = AnswerPart | CallPart;

type Stored = Extract<Round['messages'][number], { role: 'assistant' }>;

function thoughtMsOf(live: LiveTurn | undefined): number | null {
  return live === undefined || live.thoughtAt === null || live.spokeAt === null ? null : live.spokeAt - live.thoughtAt;
}

function storedAnswer(
  { turn, message, model, usage, ms, thoughtMs, cut }: Stored,
  live: LiveTurn | undefined,
): AnswerPart {
  return {
    kind: 'answer',
    key: `turn ${turn}`,
    text: message.content ?? '',
    reasoning: message.reasoning_content ?? '',
    thoughtMs: thoughtMs ?? thoughtMsOf(live),
    refusal: message.refusal ?? null,
    model,
    used: usage,
    ms,
    cut,
    streaming: false,
  };
}

function liveAnswer(live: LiveTurn): AnswerPart {
  const { turn, content, reasoning, answer } = live;
  return {
    kind: 'answer',
    key: `turn ${turn}`,
    text: answer?.message.content ?? content,
    reasoning: answer?.message.reasoning_content ?? reasoning,
    thoughtMs: thoughtMsOf(live),
    refusal: answer?.message.refusal ?? null,
    model: answer?.model ?? null,
    used: answer?.used ?? null,
    ms: null,
    cut: false,
    streaming: answer === null,
  };
}

interface Known {
  turn: number;
  call: Call;
  result: CallResult | null;
  live: LiveCall | undefined;
  asks: readonly LiveAsk[];
  isGoing: boolean;
}

function stateOf({ result, asks, isGoing }: Known): CallPart['state'] {
  if (result !== null) return result.message.is_error === true ? 'failed' : 'done';
  if (asks.length > 0) return 'asked';
  return isGoing ? 'going' : 'lost';
}

function callPart(known: Known): CallPart {
  const { turn, call, result, live, asks } = known;
  const detail = result?.detail ?? null;
  return {
    kind: 'call',
    key: `call ${turn} ${call.id}`,
    call,
    server: detail?.server ?? live?.tool?.server ?? null,
    tool: detail?.tool ?? live?.tool?.name ?? call.function.name,
    title: detail?.title ?? live?.tool?.title ?? null,
    state: stateOf(known),
    progress: live?.progress ?? null,
    result,
    asks,
  };
}

function isSaid({ text, reasoning, refusal, streaming }: AnswerPart): boolean {
  return text !== '' || reasoning !== '' || refusal !== null || streaming;
}

/** What is shown of a round in its order: what is stored of it, and what it told since. */
export function partsOf(round: Pick<Round, 'messages' | 'state'>, live: LiveRound | null): Part[] {
  const isGoing = (round.state === 'running' || round.state === 'waiting') && (live?.end ?? null) === null;
  const stored = round.messages.filter((each) => each.role === 'assistant');
  const results = new Map(
    round.messages.flatMap((each) =>
      each.role === 'tool' ? [[`${each.turn} ${each.message.tool_call_id}`, each] as const] : [],
    ),
  );
  function callsOf(turn: number, calls: readonly Call[]): CallPart[] {
    return calls.map((call) => {
      const heard = live?.calls.find((each) => each.turn === turn && each.call.id === call.id);
      const result = results.get(`${turn} ${call.id}`) ?? heard?.result ?? null;
      const asks = result ? [] : (live?.asks.filter(({ question }) => question.callId === call.id) ?? []);
      return callPart({ turn, call, result, live: heard, asks, isGoing });
    });
  }
  const known = new Set(stored.map(({ turn }) => turn));
  const before = stored.flatMap((each): Part[] => [
    storedAnswer(
      each,
      live?.turns.find(({ turn }) => turn === each.turn),
    ),
    ...callsOf(each.turn, each.message.tool_calls ?? []),
  ]);
  const since = (live?.turns ?? [])
    .filter(({ turn }) => !known.has(turn))
    .flatMap((each): Part[] => {
      const calls = each.answer?.message.tool_calls ?? [];
      return [{ ...liveAnswer(each), streaming: isGoing && each.answer === null }, ...callsOf(each.turn, calls)];
    });
  return [...before, ...since].filter((part) => part.kind === 'call' || isSaid(part));
}

/** All that was answered, as text to copy. */
export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === 'answer' && part.text !== '' ? [part.text] : [])).join('\n\n');
}
