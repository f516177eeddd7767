import { Handle, Position, type NodeProps, type Node } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import { Status } from '../../ui/status.tsx';
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

/** A node of the canvas. */
export const NodeBox = memo(function NodeBox({ data: { node, mark, canConnect }, selected }: NodeProps<BoxNode>) {
  const facts = useNodeFacts()(node);
  return (
    <div
      className={cx(
        'flex h-full flex-col justify-center gap-0.5 rounded-lg border bg-surface px-3 shadow-rest',
        mark ? borders[mark.tone] : 'border-line-strong',
        selected && 'ring-2 ring-accent',
      )}
    >
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
});

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
