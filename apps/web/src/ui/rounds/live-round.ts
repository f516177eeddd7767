import type { ActiveFollow } from '../../lib/followed.ts';
import type { Answered, Call, CallResult, News, Question, RoundEnd, ShownTool } from './types.ts';

/** A turn as far as it is said. */
export interface LiveTurn {
  turn: number;
  content: string;
  reasoning: string;
  /** When the page heard the first of its thoughts and the first of its words; null where there are none yet. */
  thoughtAt: number | null;
  spokeAt: number | null;
  /** The whole of it, once it is said. */
  answer: Pick<Answered, 'model' | 'message' | 'used' | 'finish'> | null;
}

export interface Progress {
  done: number;
  total: number | null;
  message: string | null;
}

/** A call as far as it went. */
export interface LiveCall {
  turn: number;
  call: Call;
  tool: ShownTool | null;
  progress: Progress | null;
  result: CallResult | null;
}

export interface LiveAsk {
  askId: string;
  question: Question;
}

/** What a round has told since the page follows it. */
export interface LiveRound extends ActiveFollow {
  turns: readonly LiveTurn[];
  calls: readonly LiveCall[];
  asks: readonly LiveAsk[];
  end: Pick<RoundEnd, 'state' | 'failure'> | null;
}

export const silent: LiveRound = { seq: 0, turns: [], calls: [], asks: [], gaps: 0, end: null };

function emptyTurn(turn: number): LiveTurn {
  return { turn, content: '', reasoning: '', thoughtAt: null, spokeAt: null, answer: null };
}

function changeTurn(live: LiveRound, turn: number, change: (turn: LiveTurn) => LiveTurn): LiveRound {
  const known = live.turns.some((each) => each.turn === turn);
  const turns = known ? live.turns : [...live.turns, emptyTurn(turn)];
  return { ...live, turns: turns.map((each) => (each.turn === turn ? change(each) : each)) };
}

/** Ids of calls are the model's, and some models use one again. */
function changeCall(live: LiveRound, callId: string, change: (call: LiveCall) => LiveCall): LiveRound {
  const at = live.calls.findLastIndex(({ call }) => call.id === callId);
  return at === -1 ? live : { ...live, calls: live.calls.map((each, index) => (index === at ? change(each) : each)) };
}

function progressOf(params: { [key: string]: unknown }): Progress | null {
  const { progress, total, message } = params;
  if (typeof progress !== 'number') return null;
  return {
    done: progress,
    total: typeof total === 'number' ? total : null,
    message: typeof message === 'string' && message !== '' ? message : null,
  };
}

function taken(live: LiveRound, news: News, at: number): LiveRound {
  switch (news.type) {
    case 'turn':
      return changeTurn(live, news.turn, (turn) => turn);
    case 'delta':
      return changeTurn(live, news.turn, (turn) => ({
        ...turn,
        content: turn.content + news.content,
        reasoning: turn.reasoning + news.reasoning,
        thoughtAt: turn.thoughtAt ?? (news.reasoning === '' ? null : at),
        spokeAt: turn.spokeAt ?? (news.content === '' ? null : at),
      }));
    case 'answer': {
      const { model, message, used, finish } = news;
      return changeTurn(live, news.turn, (turn) => ({ ...turn, answer: { model, message, used, finish } }));
    }
    case 'call': {
      const { turn, call, tool } = news;
      return { ...live, calls: [...live.calls, { turn, call, tool, progress: null, result: null }] };
    }
    case 'progress':
      return changeCall(live, news.callId, (call) => ({
        ...call,
        progress: progressOf(news.progress) ?? call.progress,
      }));
    case 'result': {
      const { message, detail } = news;
      return changeCall(live, news.callId, (call) => ({ ...call, result: { message, detail } }));
    }
    case 'ask':
      return { ...live, asks: [...live.asks, { askId: news.askId, question: news.question }] };
    case 'answered':
      return { ...live, asks: live.asks.filter(({ askId }) => askId !== news.askId) };
    case 'gap':
      return { ...live, gaps: live.gaps + 1 };
    case 'end':
      return { ...live, asks: [], end: { state: news.state, failure: news.failure } };
  }
}

/** The round after something was told at this time; what was taken before is not taken twice. */
export function nextRound(live: LiveRound, news: News, at: number): LiveRound {
  if (live.end !== null) return live;
  if (news.type === 'end') return taken(live, news, at);
  return news.seq <= live.seq ? live : { ...taken(live, news, at), seq: news.seq };
}
