import { eq } from 'drizzle-orm';
import type { GraphDraft } from '@switchboard/agents/generation';
import { graphConfig, type Graph } from '@switchboard/agents/graphs';
import { tables, type Db } from '@switchboard/db';
import { requireIdle } from '../conversations/begin.ts';
import { lockConversation } from '../conversations/queries.ts';
import { ByConversation } from '../conversations/schema.ts';
import { DomainError } from '../errors.ts';
import { findByKey } from '../graphs/queries.ts';
import type { GraphRow } from '../graphs/rows.ts';
import { storeGraph } from '../graphs/verbs.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { draftedAt, subjectGraph } from './drafted.ts';
import { incomplete } from './incomplete.ts';
import { requireGeneration } from './queries.ts';

const { generations } = tables;
const mostTries = 100;
const longestName = 100;

/** The name, or the first of `name_1`, `name_2` … that no graph has. */
async function freeName(db: Db, wanted: string): Promise<string> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const end = tries === 0 ? '' : `_${tries}`;
    const name = wanted.slice(0, longestName - end.length) + end;
    if (!(await findByKey(db, name))) return name;
  }
  return wanted;
}

/** The graph of a draft; of the one that it changes it has what no dialogue knows. */
function assembled(draft: GraphDraft, before: GraphRow | null, name: string): Graph {
  const { graph_description: description, nodes, end_template } = draft;
  const parsed = graphConfig.safeParse({ ...before?.config, name, description, nodes, end_template });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.map(String).join('.') ?? '';
  const problem = `${at === '' ? '' : `${at}: `}${issue?.message ?? ''}`;
  throw new DomainError('invalid', say('generationUnfit', { problem }));
}

/**
 * Makes the graph of what was said, or changes the one that it is about: one that was changed, or made here before. A new one
 * gets a name that is free. Throws `precondition` where something is missing.
 */
export const finishGraph = verb(
  { name: 'graph.create', access: 'write', input: ByConversation },
  async (ctx, { id }): Promise<{ id: string; name: string; isNew: boolean }> => {
    const { generation } = await requireGeneration(ctx, id, 'graph', 'conversation.write');
    const { headId } = await lockConversation(ctx.db, id);
    await requireIdle(ctx.db, id);
    const drafted = await draftedAt(ctx, generation, headId);
    if (drafted.type !== 'graph' || drafted.missing.length > 0) throw incomplete(drafted);
    const before = await subjectGraph(ctx, generation);
    const name = before?.name ?? (await freeName(ctx.db, drafted.draft.graph_name ?? ''));
    const config = assembled(drafted.draft, before, name);
    const { row } = await storeGraph(ctx, { config, replace: before !== null });
    await ctx.db
      .update(generations)
      .set({ subjectId: row.id, doneId: headId })
      .where(eq(generations.conversationId, id));
    return { id: row.id, name: row.name, isNew: before === null };
  },
);
