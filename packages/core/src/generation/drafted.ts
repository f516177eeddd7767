import { createGraphReader, createToolReader, missingOfGraph, missingOfTool } from '@switchboard/agents/generation';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { loadRounds, roundMessages, type LoadedRound } from '../conversations/messages.ts';
import { loadTree } from '../conversations/tree.ts';
import { configOf, findGraph, graphResource } from '../graphs/queries.ts';
import type { GraphRow } from '../graphs/rows.ts';
import type { GenerationRow } from './rows.ts';
import type { Drafted } from './schema.ts';

/** The graph that a conversation changes, or made; null where there is none, or none that the actor sees. */
export async function subjectGraph(ctx: Ctx, { type, subjectId }: GenerationRow): Promise<GraphRow | null> {
  const row = type === 'graph' && subjectId !== null ? await findGraph(ctx.db, subjectId) : null;
  return row && may(ctx, 'graph.read', graphResource(row)) ? row : null;
}

/** Hands over what models said; an answer that was cut goes on in the next one. */
function readRounds(rounds: readonly LoadedRound[], reader: { push(piece: string): void; end(): void }): void {
  for (const { steps } of rounds) {
    for (const message of roundMessages(steps)) {
      if (message.role !== 'assistant') continue;
      reader.push(message.message.content ?? '');
      if (!message.cut) reader.end();
    }
    reader.end();
  }
}

/**
 * What the rounds up to this one came to: read anew from what was said, so that it is true on each branch. Where there is a
 * graph already, it is that graph as it is now with what was said since it was stored.
 */
export async function draftedAt(ctx: Ctx, generation: GenerationRow, headId: string | null): Promise<Drafted> {
  const path = (await loadTree(ctx.db, generation.conversationId)).pathTo(headId);
  const rounds = await loadRounds(ctx.db, path);
  if (generation.type === 'tool') {
    const reader = createToolReader();
    readRounds(rounds, reader);
    const draft = reader.draft();
    return { type: 'tool', draft, missing: missingOfTool(draft) };
  }
  const graph = await subjectGraph(ctx, generation);
  // Of a branch that does not have that round, everything is new.
  const done = graph && generation.doneId !== null ? path.indexOf(generation.doneId) + 1 : 0;
  const before = createGraphReader(null);
  readRounds(rounds.slice(0, done), before);
  const reader = createGraphReader(graph && configOf(graph), before.draft());
  readRounds(rounds.slice(done), reader);
  const draft = reader.draft();
  return { type: 'graph', draft, missing: missingOfGraph(draft) };
}
