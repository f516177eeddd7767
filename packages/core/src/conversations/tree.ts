import { asc, eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';

const { agentRuns } = tables;

/** A round, as far as the branches need it. */
export interface Twig {
  id: string;
  parentId: string | null;
}

/** The rounds of a conversation and how they follow each other. */
export interface Tree {
  /** The path from the first round to this one; empty for null. */
  pathTo(id: string | null): string[];
  /** The rounds after the same one, in the order of their beginning. */
  siblingsOf(id: string): string[];
  /** The end of the newest branch that continues from a round. */
  endFrom(id: string): string;
  has(id: string): boolean;
  /** Rounds on all branches. */
  size: number;
}

/** Sorts `twigs` by their beginning; one without a known parent, or in a circle, starts a branch. */
export function treeOf(twigs: readonly Twig[]): Tree {
  const byId = new Map(twigs.map((twig) => [twig.id, twig]));
  const children = new Map<string | null, string[]>();
  function parentOf({ parentId }: Twig): string | null {
    return parentId !== null && byId.has(parentId) ? parentId : null;
  }
  for (const twig of twigs) {
    const parent = parentOf(twig);
    const siblings = children.get(parent);
    if (siblings) siblings.push(twig.id);
    else children.set(parent, [twig.id]);
  }
  return {
    pathTo(id) {
      const path: string[] = [];
      const seen = new Set<string>();
      let at = id === null ? undefined : byId.get(id);
      while (at && !seen.has(at.id)) {
        seen.add(at.id);
        path.push(at.id);
        const parent = parentOf(at);
        at = parent === null ? undefined : byId.get(parent);
      }
      return path.toReversed();
    },
    siblingsOf(id) {
      const twig = byId.get(id);
      return twig ? (children.get(parentOf(twig)) ?? []) : [];
    },
    endFrom(id) {
      const seen = new Set<string>();
      let at = id;
      for (;;) {
        seen.add(at);
        const next = children.get(at)?.at(-1);
        if (next === undefined || seen.has(next)) return at;
        at = next;
      }
    },
    has: (id) => byId.has(id),
    size: byId.size,
  };
}

export async function loadTree(db: Db, conversationId: string): Promise<Tree> {
  const twigs = await db
    .select({ id: agentRuns.id, parentId: agentRuns.parentId })
    .from(agentRuns)
    .where(eq(agentRuns.conversationId, conversationId))
    .orderBy(asc(agentRuns.createdAt), asc(agentRuns.id));
  return treeOf(twigs);
}
