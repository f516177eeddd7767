import { describe, expect, it } from 'vitest';
import { nextRun, silent, type LiveRun } from './run-live.ts';
import { nodeOf, visitsOf } from './run-visits.ts';
import type { RunDetail, RunNews, RunNode } from './types.ts';

const used = { tokensIn: 3, tokensOut: 4, cost: 0, estimated: false };

function answer(seq: number, node: string, text: string): RunNews {
  const message = { role: 'assistant' as const, content: text };
  return { type: 'answer', seq, node, visit: 1, turn: 1, model: 'm', message, finish: 'stop', used };
}
function heard(...news: RunNews[]): LiveRun {
  return news.reduce((live, each, at) => nextRun(live, each, at), silent);
}
const begun: RunNews[] = [
  { type: 'node_start', seq: 1, node: 'a', visit: 1, level: 0 },
  { type: 'node_start', seq: 2, node: 'b.inner', visit: 1, level: 0 },
  { type: 'delta', seq: 3, node: 'b.inner', visit: 1, turn: 1, content: 'Half', reasoning: '' },
];
const done: RunNews[] = [answer(4, 'a', 'Whole'), { type: 'node_end', seq: 5, node: 'a', visit: 1, output: 'Whole' }];

function stored(node: string, more: Partial<RunNode> = {}): RunNode {
  const message = { role: 'assistant' as const, content: 'Kept' };
  const said = [
    { role: 'assistant' as const, turn: 1, message, cut: false, model: 'm', usage: used, ms: 1, thoughtMs: null },
  ];
  const times = { startedAt: new Date(0).toISOString(), endedAt: new Date(5).toISOString() };
  return {
    node,
    visit: 1,
    level: 0,
    prompt: [],
    said,
    done: true,
    output: 'Kept',
    handoff: null,
    branch: null,
    failed: false,
    asked: null,
    used,
    ...times,
    ...more,
  };
}
function runOf(state: RunDetail['state'], nodes: RunNode[] = [], failure: RunDetail['failure'] = null): RunDetail {
  return {
    id: 'r',
    conversationId: 'c',
    externalId: 'e',
    graphId: 'g',
    budget: null,
    steps: 0,
    graph: 'g',
    state,
    input: 'i',
    failure,
    tokensIn: 0,
    tokensOut: 0,
    cost: 0,
    createdAt: new Date(0).toISOString(),
    endedAt: null,
    config: { name: 'g', description: '', nodes: [], end_template: '' },
    inputs: ['i'],
    nodes,
    finalResult: '',
    executionChain: [],
    globalOutputs: {},
    handoffs: {},
  };
}

describe('a run that is followed', () => {
  it('tells each node apart, beside each other, and takes nothing twice', () => {
    const live = heard(...begun, ...begun, ...done, answer(4, 'a', 'Whole'));
    const visits = visitsOf(runOf('running'), live);
    expect(visits.map(({ node, state, output }) => [node, state, output])).toEqual([
      ['a', 'done', 'Whole'],
      ['b.inner', 'going', null],
    ]);
    expect(visits[0]?.used).toEqual(used);
    expect(visits[1]?.parts).toMatchObject([{ kind: 'answer', text: 'Half', streaming: true }]);
    expect(visits.map(nodeOf)).toEqual(['a', 'b']);
  });

  it('counts what is stored once, with what was heard since', () => {
    const again = heard(...begun, ...done);
    const [a, b] = visitsOf(runOf('running', [stored('a')]), again);
    expect(a).toMatchObject({ state: 'done', used, output: 'Kept', startedAt: 0, endedAt: 5 });
    expect(a?.parts).toMatchObject([{ text: 'Kept', streaming: false }]);
    expect(b?.state).toBe('going');
  });

  it('ends: what failed is told apart from what was cut', () => {
    const failure = { code: 'graphNodeFailed', params: { node: 'b' }, text: '' };
    const nodes = [stored('a'), stored('b', { done: false, endedAt: null }), stored('c', { done: false })];
    const told = visitsOf(runOf('failed', nodes, failure), null).map(({ state }) => state);
    expect(told).toEqual(['done', 'failed', 'cut']);
    const ended = heard(
      ...begun,
      { type: 'node_failed', seq: 4, node: 'a', visit: 1, failure },
      {
        type: 'end',
        state: 'failed',
        failure,
      },
    );
    expect(visitsOf(runOf('running'), ended).map(({ state }) => state)).toEqual(['failed', 'cut']);
    expect(nextRun(ended, answer(9, 'a', 'Late'), 9)).toBe(ended);
  });

  it('waits for a person where nothing is answered yet', () => {
    const question = { ask: 'approve' as const, text: 'Fit?', targets: [] };
    const asked = stored('check', { done: false, asked: { question, answer: null } });
    const answered = stored('before', { asked: { question, answer: { output: 'Yes', handoff: null, by: null } } });
    const visits = visitsOf(runOf('waiting', [answered, asked]), null);
    expect(visits.map(({ state, question: open }) => [state, open])).toEqual([
      ['done', null],
      ['waiting', question],
    ]);
    expect(visitsOf(runOf('failed', [asked]), null)[0]?.question).toBeNull();
  });

  it('says where something was not told, and goes on behind it', () => {
    const live = heard({ type: 'gap', seq: 40 }, answer(41, 'a', 'After'));
    expect(live).toMatchObject({ gaps: 1, seq: 41 });
    expect(live.visits).toHaveLength(1);
  });
});
