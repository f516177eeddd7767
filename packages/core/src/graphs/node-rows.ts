import type { Ctx } from '../context.ts';
import type { WriteRight } from '../journal/rows.ts';
import { writeStep } from '../journal/write.ts';
import type { Visit } from './events.ts';
import { nodeKeyOf, prefixOf, type NodeOutput, type StoredVisit } from './visits.ts';

/** The visits of one run as its journal has them. */
export interface NodeRows {
  has(at: Visit): boolean;
  write(at: Visit, change: Partial<NodeOutput>, state: 'started' | 'done'): Promise<void>;
  /** The running items of a list, by the node that works on it. */
  openWithin(at: Visit): Visit[];
}

export function createNodeRows(
  ctx: Ctx,
  hold: WriteRight,
  stored: ReadonlyMap<string, StoredVisit>,
  nextSeq: () => number,
): NodeRows {
  const begun = new Map<string, { output: NodeOutput; seq: number; startedAt: Date }>(
    [...stored].map(([prefix, { node, row }]) => [prefix, { output: node, seq: row.seq, startedAt: row.startedAt }]),
  );
  const open = new Map<string, Visit>(
    [...stored].flatMap(([prefix, { node, row }]) => (row.state === 'done' ? [] : [[prefix, node] as const])),
  );
  function now(): Date {
    return new Date(ctx.clock.now());
  }
  return {
    has: (at) => begun.has(prefixOf(at)),
    async write(at, change, state) {
      const known = begun.get(prefixOf(at)) ?? {
        output: { ...at, level: 0, prompt: [], output: null, handoff: null },
        seq: nextSeq(),
        startedAt: now(),
      };
      const next = { ...known, output: { ...known.output, ...change } };
      begun.set(prefixOf(at), next);
      if (state === 'done') open.delete(prefixOf(at));
      else open.set(prefixOf(at), { node: at.node, visit: at.visit });
      const { output, seq, startedAt } = next;
      const endedAt = state === 'done' ? now() : null;
      const step = {
        key: nodeKeyOf(at),
        seq,
        kind: 'node' as const,
        state,
        asked: output.prompt,
        output: { ...output },
      };
      await writeStep(ctx.db, hold, { ...step, startedAt, endedAt });
    },
    openWithin: ({ node }) => [...open.values()].filter((each) => each.node.startsWith(`${node}.`)),
  };
}
