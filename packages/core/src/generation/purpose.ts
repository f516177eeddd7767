import { tables } from '@switchboard/db';
import type { Purpose } from '../conversations/begin.ts';
import { DomainError } from '../errors.ts';
import type { GraphRow } from '../graphs/rows.ts';
import { say } from '../reasons.ts';
import { findGeneration, notMade } from './queries.ts';
import type { GenerationType } from './schema.ts';

const { generations } = tables;

/** A conversation in which something is made; `graph` is the one that is changed. */
export function makingOf(type: GenerationType, graph: GraphRow | null = null): Purpose {
  return {
    kind: 'agent',
    runKind: 'generation',
    async require(db, { id }) {
      const generation = await findGeneration(db, id);
      if (generation?.type !== type) throw notMade(type);
      if (graph && generation.subjectId !== graph.id) throw new DomainError('conflict', say('generationOfOther'));
    },
    async made(db, conversationId) {
      await db.insert(generations).values({ conversationId, type, subjectId: graph?.id ?? null });
    },
  };
}
