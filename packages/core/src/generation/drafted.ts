import { createGraphReader, createToolReader, missingOfGraph, missingOfTool } from '@switchboard/agents/generation';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { loadRounds, roundMessages, type LoadedRound } from '../conversations/messages.ts';
import { loadTree } from '../conversations/tree.ts';
import { isDomainError } from '../errors.ts';
import { requireTool } from '../generated-tools/queries.ts';
import { configOf, findGraph, graphResource } from '../graphs/queries.ts';
import type { GraphRow } from '../graphs/rows.ts';
import type { GenerationRow } from './rows.ts';
import type { Drafted } from './schema.ts';

/** The graph that a conversation changes, or made; null where there is none, or none that the actor sees. */
export async function subjectGraph(ctx: Ctx, { type, subjectId }: GenerationRow): Promise<GraphRow | null> {
  const row = type === 'graph' && subjectId !== null ? await findGraph(ctx.db, subjectId) : null;
  return row && may(ctx, 'graph.read', graphResource(row)) ? row : null;
}

/** The same of a tool, where the actor may read its files. */
export async function subjectTool(ctx: Ctx, { type, subjectId }: GenerationRow) {
  if (type !== 'tool' || subjectId === null) return null;
  const found = await requireTool(ctx, subjectId).catch((error: unknown) => {
    if (isDomainError(error) && (error.code === 'not_found' || error.code === 'forbidden')) return null;
    throw error;
  });
  // Another one may have its id for a name by now.
  return found?.server.id === subjectId ? found : null;
}

/** Passes on the answers of models; an answer that was cut continues in the next one. */
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

async function draftedTool(ctx: Ctx, generation: GenerationRow, [before, since]: Parted): Promise<Drafted> {
  const found = await subjectTool(ctx, generation);
  const base = found && {
    folder_name: found.server.name,
    script_files: Object.fromEntries(found.tool.files.map(({ path, text }) => [path, text])),
    dependencies: found.tool.dependencies,
    readme: found.tool.readme,
  };
  const earlier = createToolReader(null);
  readRounds(before, earlier);
  const reader = base ? createToolReader(base, earlier.draft()) : earlier;
  readRounds(since, reader);
  const draft = reader.draft();
  return { type: 'tool', draft, missing: missingOfTool(draft) };
}

async function draftedGraph(ctx: Ctx, generation: GenerationRow, [before, since]: Parted): Promise<Drafted> {
  const graph = await subjectGraph(ctx, generation);
  const earlier = createGraphReader(null);
  readRounds(before, earlier);
  const reader = graph ? createGraphReader(configOf(graph), earlier.draft()) : earlier;
  readRounds(since, reader);
  const draft = reader.draft();
  return { type: 'graph', draft, missing: missingOfGraph(draft) };
}

/** The rounds that the stored object contains, and the later ones. */
type Parted = [before: LoadedRound[], since: LoadedRound[]];

/**
 * The draft at a round, read from the rounds on its branch each time, so it is right on every branch. Where the graph
 * or tool is stored already, later rounds apply to its present form.
 */
export async function draftedAt(ctx: Ctx, generation: GenerationRow, headId: string | null): Promise<Drafted> {
  const path = (await loadTree(ctx.db, generation.conversationId)).pathTo(headId);
  const rounds = await loadRounds(ctx.db, path);
  // Of a branch that does not have that round, everything is new.
  const done = generation.doneId === null ? 0 : path.indexOf(generation.doneId) + 1;
  const parted: Parted = [rounds.slice(0, done), rounds.slice(done)];
  return generation.type === 'tool' ? draftedTool(ctx, generation, parted) : draftedGraph(ctx, generation, parted);
}
