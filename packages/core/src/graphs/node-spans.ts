import type { Span } from '@switchboard/mcp-runtime/types';
import type { Ctx } from '../context.ts';
import { beginSpan } from '../spans.ts';
import type { Visit } from './events.ts';
import { prefixOf } from './visits.ts';

/** Spans of the nodes of one run, a span for each visit. */
export interface NodeSpans {
  /** The span of a visit, which begins when it is first asked for; null where there are no traces. */
  of(at: Visit): Span | null;
  end(at: Visit, failure: string | null): void;
  /** Ends the open spans. */
  endAll(failure: string): void;
}

/** `ctx`: of the run. */
export function createNodeSpans(ctx: Pick<Ctx, 'trace' | 'tracer'>): NodeSpans {
  const open = new Map<string, Span>();
  return {
    of(at) {
      const known = open.get(prefixOf(at));
      if (known) return known;
      const facts = {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': at.node,
        'switchboard.graph.visit': at.visit,
      };
      const span = beginSpan(ctx, { name: `invoke_agent ${at.node}`, kind: 'internal', facts });
      if (span) open.set(prefixOf(at), span);
      return span;
    },
    end(at, failure) {
      open.get(prefixOf(at))?.end(failure);
      open.delete(prefixOf(at));
    },
    endAll(failure) {
      for (const span of open.values()) span.end(failure);
      open.clear();
    },
  };
}
