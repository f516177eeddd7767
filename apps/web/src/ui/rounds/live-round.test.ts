import { describe, expect, it } from 'vitest';
import { followedOn, opened, unfollowed, type FollowState } from '../../lib/followed.ts';
import { nextRound, silent, type LiveRound } from './live-round.ts';
import { partsOf } from './round-parts.ts';
import type { News } from './types.ts';

const used = { tokensIn: 1, tokensOut: 2, cost: 0, estimated: false };
const call = { id: 'c1', type: 'function' as const, function: { name: 'add', arguments: '{}' } };
const tool = { server: 'demo', name: 'add', title: null, readOnly: true };

function delta(seq: number, content: string, reasoning = '', turn = 1): News {
  return { type: 'delta', seq, turn, content, reasoning };
}
function after(...news: News[]): LiveRound {
  return news.reduce((live, each) => nextRound(live, each, each.type === 'end' ? 0 : each.seq * 100), silent);
}
function on(followed: FollowState<LiveRound>, news: News[], at: number) {
  return followedOn(followed, news, at, nextRound);
}
const toolTurn: News[] = [
  delta(1, '', 'I add'),
  delta(3, 'I call add.'),
  {
    type: 'answer',
    seq: 4,
    turn: 1,
    model: 'm',
    message: { role: 'assistant', content: 'I call add.', reasoning_content: 'I add', tool_calls: [call] },
    finish: 'tool_calls',
    used,
  },
  { type: 'call', seq: 5, turn: 1, call, tool },
];
const running: Parameters<typeof partsOf>[0] = { messages: [], state: 'running' };

describe('a round that is followed', () => {
  it('joins what comes in pieces, and takes nothing twice', () => {
    const live = after(delta(1, 'Hel'), delta(2, 'lo'), delta(2, 'lo'), delta(1, 'Hel'));
    expect(partsOf(running, live)).toMatchObject([{ kind: 'answer', text: 'Hello', streaming: true }]);
  });

  it('knows how long was thought before something was said', () => {
    expect(partsOf(running, after(...toolTurn))[0]).toMatchObject({ reasoning: 'I add', thoughtMs: 200 });
  });

  it('shows a call with its progress, its question and its result', () => {
    const progress: News = {
      type: 'progress',
      seq: 6,
      callId: 'c1',
      progress: { progress: 1, total: 4, message: 'x' },
    };
    const ask: News = {
      type: 'ask',
      seq: 7,
      askId: 'a',
      question: { type: 'repeat', callId: 'c1', server: 'demo', tool: 'add' },
    };
    const asked = after(...toolTurn, progress, ask);
    expect(partsOf(running, asked)[1]).toMatchObject({
      kind: 'call',
      server: 'demo',
      tool: 'add',
      state: 'asked',
      progress: { done: 1, total: 4, message: 'x' },
      asks: [{ askId: 'a' }],
    });
    const result: News = {
      type: 'result',
      seq: 9,
      turn: 1,
      callId: 'c1',
      message: { role: 'tool', tool_call_id: 'c1', content: '3' },
      detail: null,
    };
    const ended = [{ type: 'answered' as const, seq: 8, askId: 'a' }, result].reduce(
      (live, each) => nextRound(live, each, 0),
      asked,
    );
    expect(partsOf(running, ended)[1]).toMatchObject({
      state: 'done',
      asks: [],
      result: { message: { content: '3' } },
    });
  });

  it('says that a call is lost whose round ended without its result', () => {
    const live = after(...toolTurn, { type: 'end', state: 'cancelled', failure: null });
    expect(partsOf(running, live)[1]).toMatchObject({ state: 'lost' });
    expect(live.end).toEqual({ state: 'cancelled', failure: null });
    expect(nextRound(live, delta(99, 'late'), 0)).toBe(live);
  });

  it('prefers what is stored, and takes the rest from what was told', () => {
    const stored = {
      role: 'assistant' as const,
      turn: 1,
      message: { role: 'assistant' as const, content: 'Stored', tool_calls: [call] },
      cut: false,
      model: 'm',
      usage: used,
      ms: 5,
      thoughtMs: 1_500,
    };
    const parts = partsOf({ messages: [stored], state: 'running' }, after(...toolTurn, delta(6, 'Two', '', 2)));
    expect(parts).toMatchObject([
      { kind: 'answer', text: 'Stored', ms: 5, thoughtMs: 1_500 },
      { kind: 'call', state: 'going', server: 'demo' },
      { kind: 'answer', text: 'Two', streaming: true },
    ]);
  });
});

describe('a stream that is opened again', () => {
  const first = on(opened(unfollowed(silent), silent, 0), [delta(1, 'One '), delta(2, 'two ')], 0);

  it('shows what is known until it has told as much', () => {
    const again = opened(first, silent, 5_000);
    const half = on(again, [delta(1, 'One ')], 5_010);
    expect(half.shown.turns[0]?.content).toBe('One two ');
    const whole = on(half, [delta(2, 'two '), delta(3, 'three')], 5_020);
    expect(whole.shown.turns[0]?.content).toBe('One two three');
  });

  it('counts after a while where another hub begins anew', () => {
    const again = on(opened(first, silent, 5_000), [delta(1, 'Anew')], 6_500);
    expect(again.shown.turns[0]?.content).toBe('Anew');
  });
});
