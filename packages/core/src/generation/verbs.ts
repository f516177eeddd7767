import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { graphPrompt, toolPrompt } from '@switchboard/agents/generation';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { beginRound, placeOf, type BegunRound, type Purpose } from '../conversations/begin.ts';
import { toldUntilSignedOut } from '../conversations/documented.ts';
import { namedHolder, ownHolder } from '../conversations/holder.ts';
import { answeredAmong } from '../conversations/list.ts';
import { listHeld } from '../conversations/queries.ts';
import { ByConversation, RoundSettings, type ConversationItem } from '../conversations/schema.ts';
import { toItem } from '../conversations/view.ts';
import { configOf, requireGraph } from '../graphs/queries.ts';
import { requireModel } from '../models/queries.ts';
import type { RunNews } from '../runs/contract.ts';
import { verb } from '../verb.ts';
import { describedFor, toolLanguage } from './described.ts';
import { draftedAt, subjectGraph, subjectTool } from './drafted.ts';
import { makingOf } from './purpose.ts';
import { requireGeneration } from './queries.ts';
import {
  GenerateGraph,
  GenerateTool,
  GraphTemplate,
  ListGenerations,
  SayOfGraph,
  SayOfTool,
  type Generation,
} from './schema.ts';

const { conversations } = tables;
const mostListed = 200;

// Messages are stored in the conversation itself and not in the audit log, so these verbs do not count as writes of the
// hub's state.

/** The prompt of a model that makes a graph, with the models and tools that the actor may use. */
export const graphTemplate = verb(
  { name: 'graph.create', access: 'read', input: GraphTemplate },
  async (ctx, { change, graph }): Promise<{ prompt: string; graph: string | null }> => {
    const config = graph === undefined ? null : configOf(await requireGraph(ctx, graph));
    const prompt = graphPrompt(await describedFor(ctx), config ?? (change ? 'unknown' : null));
    return { prompt, graph: config?.name ?? null };
  },
);

/** The prompt of a model that makes a tool. */
export const toolTemplate = verb(
  { name: 'server.create', access: 'read', input: z.object({}) },
  (ctx): Promise<{ prompt: string }> => Promise.resolve({ prompt: toolPrompt(toolLanguage(ctx)) }),
);

function settingsOf(model: string): RoundSettings {
  return RoundSettings.parse({ model });
}

async function changedGraph(ctx: Ctx, graph: string | undefined) {
  return graph === undefined ? null : await requireGraph(ctx, graph, 'graph.configure');
}

/** Says something about a graph that a model makes; it is answered apart from this request, as in any conversation. */
export const sayOfGraph = verb(
  { name: 'conversation.write', access: 'read', input: SayOfGraph },
  async (ctx, { conversationId, graph, ...said }): Promise<BegunRound> => {
    requireRight(ctx, 'graph.create');
    const purpose = makingOf('graph', await changedGraph(ctx, graph));
    return begin(ctx, { conversationId, ...said }, purpose);
  },
);

/** The same about a tool. */
export const sayOfTool = verb(
  { name: 'conversation.write', access: 'read', input: SayOfTool },
  (ctx, said): Promise<BegunRound> => {
    requireRight(ctx, 'server.create');
    return begin(ctx, said, makingOf('tool'));
  },
);

function begin(ctx: Ctx, { conversationId, requirement, model }: z.output<typeof SayOfTool>, purpose: Purpose) {
  const saying = { content: requirement, attachments: [], settings: settingsOf(model), isWatched: true, stream: true };
  return beginRound(ctx, placeOf(ctx, conversationId), saying, purpose);
}

/** The answer of a model that makes something, as the documented API asks for it. */
export interface Generating {
  /** The id that the caller gave to the conversation. */
  conversation: string;
  isNew: boolean;
  news: AsyncGenerator<RunNews<'chat.round'>>;
}

/**
 * Adds a message about a graph to a conversation that its caller may name; the answer continues when the caller
 * disconnects.
 */
export const generateGraph = verb(
  { name: 'conversation.write', access: 'read', input: GenerateGraph },
  async (ctx, { graph, ...said }): Promise<Generating> => {
    requireRight(ctx, 'graph.create');
    // The model is checked first: an unknown one is the documented refusal.
    await requireModel(ctx, said.model, 'model.use');
    return generate(ctx, said, makingOf('graph', await changedGraph(ctx, graph)), 'gen');
  },
);

/** The same about a tool. */
export const generateTool = verb(
  { name: 'conversation.write', access: 'read', input: GenerateTool },
  (ctx, said): Promise<Generating> => {
    requireRight(ctx, 'server.create');
    return generate(ctx, said, makingOf('tool'), 'mcp');
  },
);

async function generate(
  ctx: Ctx,
  { conversation, userId, requirement, model, stream }: z.output<typeof GenerateTool>,
  purpose: Purpose,
  prefix: string,
): Promise<Generating> {
  const externalId = conversation ?? `${prefix}_${randomBytes(8).toString('hex')}`;
  const place = { holder: namedHolder(ctx, userId), externalId };
  const saying = { content: requirement, attachments: [], settings: settingsOf(model), isWatched: false, stream };
  const { runId, isNew } = await beginRound(ctx, place, saying, purpose);
  return { conversation: externalId, isNew, news: toldUntilSignedOut(ctx, runId) };
}

/** The draft in a conversation, on the branch that is shown. */
export const getGeneration = verb(
  { name: 'conversation.read', access: 'read', input: ByConversation },
  async (ctx, { id }): Promise<Generation> => {
    const { conversation, generation } = await requireGeneration(ctx, id, null, 'conversation.read');
    const drafted = await draftedAt(ctx, generation, conversation.headId);
    const row = (await subjectGraph(ctx, generation)) ?? (await subjectTool(ctx, generation))?.server ?? null;
    const subject = row && { id: row.id, name: row.name };
    return { ...drafted, id, externalId: conversation.externalId, subject };
  },
);

/** The actor's own conversations in which something is made; what was spoken in last first. */
export const listGenerations = verb(
  { name: 'conversation.read', access: 'read', input: ListGenerations },
  async (ctx, { type }): Promise<ConversationItem[]> => {
    const rows = await listHeld(ctx.db, ownHolder(ctx), mostListed, eq(conversations.kind, 'agent'));
    const answered = await answeredAmong(
      ctx.db,
      rows.map(({ id }) => id),
    );
    return rows
      .filter(({ makes }) => type === undefined || makes === type)
      .map((row) => toItem(row, answered.has(row.id)));
  },
);
