import type { ActiveFollow } from '../../lib/followed.ts';
import { nextRound, silent as silentRound, type LiveRound } from '../../ui/rounds/live-round.ts';
import type { RunEnd, RunNews } from './types.ts';

/** A visit of a node as far as it was heard. */
export interface LiveVisit {
  node: string;
  visit: number;
  level: number;
  /** `passed`: it failed, and the run went on. */
  state: 'going' | 'done' | 'passed' | 'failed';
  round: LiveRound;
  output: string | null;
  handoff: string | null;
  branch: readonly string[] | null;
  /** When the page heard of its beginning and its end. */
  startedAt: number;
  endedAt: number | null;
}

/** What a run has told since the page follows it. */
export interface LiveRun extends ActiveFollow {
  visits: readonly LiveVisit[];
  end: Pick<RunEnd, 'state' | 'failure'> | null;
}

export const silent: LiveRun = { seq: 0, gaps: 0, visits: [], end: null };

type OfVisit = Extract<RunNews, { node: string }>;

function empty({ node, visit }: OfVisit, at: number): LiveVisit {
  const rest = { level: 0, output: null, handoff: null, branch: null, endedAt: null } as const;
  return { node, visit, ...rest, state: 'going', round: silentRound, startedAt: at };
}

function heard(visit: LiveVisit, news: OfVisit, at: number): LiveVisit {
  switch (news.type) {
    case 'node_start':
      return { ...visit, level: news.level, state: 'going', endedAt: null };
    case 'node_end':
      return {
        ...visit,
        state: news.failed === true ? 'passed' : 'done',
        output: news.output,
        branch: news.branch ?? null,
        endedAt: at,
      };
    case 'node_failed':
      return { ...visit, state: 'failed', endedAt: at };
    // The run ends with it, and is looked at anew.
    case 'node_waits':
      return visit;
    case 'handoff':
      return { ...visit, handoff: news.to };
    default:
      return { ...visit, round: nextRound(visit.round, news, at) };
  }
}

function atVisit(live: LiveRun, news: OfVisit, at: number): readonly LiveVisit[] {
  const known = live.visits.findIndex(({ node, visit }) => node === news.node && visit === news.visit);
  const before = live.visits[known] ?? empty(news, at);
  const after = heard(before, news, at);
  return known === -1 ? [...live.visits, after] : live.visits.with(known, after);
}

/** The run after something was told at this time; what was taken before is not taken twice. */
export function nextRun(live: LiveRun, news: RunNews, at: number): LiveRun {
  if (live.end !== null) return live;
  if (news.type === 'end') return { ...live, end: { state: news.state, failure: news.failure } };
  if (news.seq <= live.seq) return live;
  if (news.type === 'gap') return { ...live, seq: news.seq, gaps: live.gaps + 1 };
  return { ...live, seq: news.seq, visits: atVisit(live, news, at) };
}
