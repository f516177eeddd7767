import { Handle, Position, useStore, type Node, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import { Status } from '../../ui/feedback/status.tsx';
import type { GraphNode } from './drawing.ts';
import type { NodeMark } from './marks.ts';
import { useNodeFacts } from './use-node-facts.ts';

export type BoxNode = Node<{ node: GraphNode; mark: NodeMark | null; canConnect: boolean }, 'agent'>;
export type TerminalNode = Node<{ canConnect: boolean }, 'start' | 'end'>;

const borders = {
  ok: 'border-ok',
  warn: 'border-warn',
  bad: 'border-bad',
  idle: 'border-line-strong',
  accent: 'border-accent',
} as const;

/** From so far away nothing can be read, and a thousand nodes may be in sight. */
const farZoom = 0.25;

/** A node of the canvas. */
export const NodeBox = memo(function NodeBox({ data, selected }: NodeProps<BoxNode>) {
  const isFar = useStore(({ transform }) => transform[2] < farZoom);
  const { mark } = data;
  const look = cx(
    'h-full rounded-lg border bg-surface',
    mark ? borders[mark.tone] : 'border-line-strong',
    selected && 'ring-2 ring-accent',
  );
  return isFar ? <div className={cx(look, 'border-4')} /> : <NearBox {...data} look={look} />;
});

function NearBox({ node, mark, canConnect, look }: BoxNode['data'] & { look: string }) {
  const facts = useNodeFacts()(node);
  return (
    <div className={cx(look, 'flex flex-col justify-center gap-0.5 px-3 shadow-rest')}>
      <Handle type="target" position={Position.Left} isConnectable={canConnect} />
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-sm font-semibold">{node.name}</span>
        {mark && (
          <span className="max-w-24 shrink-0 overflow-hidden text-2xs text-ink-2">
            <Status shape={mark.shape} tone={mark.tone} label={mark.label} className="gap-1" />
          </span>
        )}
      </span>
      <span className="truncate text-xs text-ink-3">{facts.main}</span>
      {(mark?.detail ?? facts.more) !== '' && (
        <span className="truncate text-2xs text-ink-3 tabular">{mark?.detail ?? facts.more}</span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={canConnect} />
    </div>
  );
}

/** Where the input comes in, and where the result goes out. */
export const TerminalBox = memo(function TerminalBox({ type, data: { canConnect } }: NodeProps<TerminalNode>) {
  const { t } = useTranslation();
  return (
    <div className="grid h-full place-items-center rounded-full border border-line-strong bg-raised text-xs font-medium text-ink-2">
      {type === 'end' && <Handle type="target" position={Position.Left} isConnectable={canConnect} />}
      {t(`graphs.terminal.${type}`)}
      {type === 'start' && <Handle type="source" position={Position.Right} isConnectable={canConnect} />}
    </div>
  );
});
