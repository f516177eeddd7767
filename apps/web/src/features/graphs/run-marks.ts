import type { TFunction } from 'i18next';
import { count, duration } from '../../lib/format.ts';
import type { Drawing } from './drawing.ts';
import type { NodeMark } from './marks.ts';
import { nodeOf, type ShownVisit, type VisitState } from './run-visits.ts';
import { visitLooks } from './visit-view.tsx';

/** Of several visits of a node, the state that says most about it. */
const weight: readonly VisitState[] = ['failed', 'waiting', 'going', 'cut', 'passed', 'done'];

function stateOf(visits: readonly ShownVisit[]): VisitState {
  return weight.find((state) => visits.some((visit) => visit.state === state)) ?? 'done';
}

/** Which way a condition chose. */
export function branchOf(branch: readonly string[], t: TFunction): string {
  const names = branch.map((name) => (name === 'end' ? t('graphs.terminal.end') : name));
  return names.length === 0 ? t('graphs.visit.nowhere') : t('graphs.visit.branch', { to: names.join(', ') });
}

function detailOf(visits: readonly ShownVisit[], t: TFunction, language: string): string {
  const tokens = visits.reduce((sum, { used }) => sum + used.tokensIn + used.tokensOut, 0);
  const ms = visits.reduce((sum, { startedAt, endedAt }) => sum + Math.max(0, (endedAt ?? startedAt) - startedAt), 0);
  return [
    ...visits.flatMap(({ branch }) => (branch ? [branchOf(branch, t)] : [])).slice(-1),
    ...(visits.length > 1 ? [t('graphs.visit.times', { count: visits.length })] : []),
    ...(tokens > 0 ? [t('graphs.visit.tokens', { count: tokens, shown: count(tokens, language) })] : []),
    ...(ms > 0 ? [duration(ms, language)] : []),
  ].join(' · ');
}

/** How far a run is at each node, by its key. */
export function runMarks(
  { nodes }: Drawing,
  visits: readonly ShownVisit[],
  t: TFunction,
  language: string,
): Map<string, NodeMark> {
  const byNode = Map.groupBy(visits, nodeOf);
  return new Map(
    nodes.flatMap(({ key, node }): [string, NodeMark][] => {
      const own = byNode.get(node.name);
      if (!own) return [];
      const state = stateOf(own);
      const detail = detailOf(own, t, language);
      return [
        [key, { ...visitLooks[state], label: t(`graphs.visit.state.${state}`), ...(detail !== '' && { detail }) }],
      ];
    }),
  );
}
