import type { TFunction } from 'i18next';
import type { Drawing } from './drawing.ts';
import type { NodeMark } from './marks.ts';
import type { Checked } from './types.ts';

/** Marks at the nodes that something is wrong with, by their keys. */
export function checkMarks({ nodes }: Drawing, checked: Checked | null, t: TFunction): Map<string, NodeMark> {
  if (checked === null) return new Map();
  const wrong = Map.groupBy(checked.problems, ({ node }) => node);
  const odd = Map.groupBy(checked.warnings, ({ node }) => node);
  return new Map(
    nodes.flatMap(({ key, node: { name } }): [string, NodeMark][] => {
      const problems = wrong.get(name)?.length ?? 0;
      const warnings = odd.get(name)?.length ?? 0;
      if (problems > 0) {
        return [[key, { tone: 'bad', shape: 'triangle', label: t('graphs.check.problems', { count: problems }) }]];
      }
      if (warnings > 0) {
        return [[key, { tone: 'warn', shape: 'diamond', label: t('graphs.check.warnings', { count: warnings }) }]];
      }
      return [];
    }),
  );
}
