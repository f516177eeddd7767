import { graphPrompt, toolPrompt } from '@switchboard/agents/generation';
import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { configOf } from '../graphs/queries.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { describedFor, toolLanguage } from './described.ts';
import { draftedAt, subjectGraph } from './drafted.ts';
import { findGeneration, notMade } from './queries.ts';

/**
 * The first prompt of a round: the models and tools that its author may use now, and the parts of the last answer that
 * could not be read.
 */
export async function generationPrompt(ctx: Ctx, run: AgentRunRow): Promise<string> {
  const generation = run.conversationId === null ? null : await findGeneration(ctx.db, run.conversationId);
  if (!generation) throw notMade('graph');
  const { draft } = await draftedAt(ctx, generation, run.parentId);
  if (generation.type === 'tool') {
    requireRight(ctx, 'server.create');
    return toolPrompt(toolLanguage(ctx), draft.problems);
  }
  requireRight(ctx, 'graph.create');
  const graph = await subjectGraph(ctx, generation);
  return graphPrompt(await describedFor(ctx), graph && configOf(graph), draft.problems);
}
