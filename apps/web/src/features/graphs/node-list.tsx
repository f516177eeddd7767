import { ChevronRight, SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Status } from '../../ui/feedback/status.tsx';
import type { Drawing, DrawnNode } from './drawing.ts';
import type { NodeMark } from './marks.ts';
import { useNodeFacts } from './use-node-facts.ts';

interface NodeListProps {
  label: string;
  drawing: Drawing;
  marks: ReadonlyMap<string, NodeMark>;
  /** The level of each node by its name, as it is known. */
  levels: Readonly<Record<string, number>>;
  onOpen: (key: string) => void;
  /** What belongs to the whole of it. */
  about?: { label: string; onOpen: () => void };
}

function levelOf({ node }: DrawnNode, levels: NodeListProps['levels']): number {
  return levels[node.name] ?? node.level ?? 0;
}

const row = 'flex min-h-13 w-full items-center gap-3 px-4 py-2 text-left hover:bg-hover';

/** A graph where there is no room to draw it: its nodes in the order of their levels. */
export function NodeList({ label, drawing, marks, levels, onOpen, about }: NodeListProps) {
  const { t } = useTranslation();
  const factsOf = useNodeFacts();
  const sorted = drawing.nodes.toSorted((a, b) => levelOf(a, levels) - levelOf(b, levels));
  return (
    <ol aria-label={label} className="divide-y divide-line">
      {about && (
        <li>
          <button type="button" className={row} onClick={about.onOpen}>
            <SlidersHorizontal aria-hidden className="size-4 text-ink-3" />
            <span className="flex-1 font-medium">{about.label}</span>
            <ChevronRight aria-hidden className="size-4 text-ink-3" />
          </button>
        </li>
      )}
      {sorted.map((drawn) => {
        const { key, node } = drawn;
        const mark = marks.get(key);
        const { main, more } = factsOf(node);
        return (
          <li key={key}>
            <button type="button" className={row} onClick={() => onOpen(key)}>
              <span
                aria-label={t('graphs.level', { level: levelOf(drawn, levels) + 1 })}
                role="img"
                className="grid size-6 shrink-0 place-items-center rounded-full bg-sunken text-xs text-ink-3 tabular"
              >
                {levelOf(drawn, levels) + 1}
              </span>
              <span className="min-w-0 flex-1">
                <span className="block font-medium wrap-anywhere">{node.name}</span>
                <span className="block text-xs wrap-anywhere text-ink-3">
                  {mark?.detail ?? [main, more].filter((each) => each !== '').join(' · ')}
                </span>
                {mark && (
                  <span className="block text-xs text-ink-2">
                    <Status shape={mark.shape} tone={mark.tone} label={mark.label} />
                  </span>
                )}
              </span>
              <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            </button>
          </li>
        );
      })}
    </ol>
  );
}
