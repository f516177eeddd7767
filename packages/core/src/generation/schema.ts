import { z } from 'zod';
import type { GraphDraft, ToolDraft } from '@switchboard/agents/generation';
import { generationTypes } from '@switchboard/db/words';
import { ConversationId, Name, Prompt } from '../conversations/fields.ts';
import { GraphRef } from '../graphs/schema.ts';

const requirement = Prompt.refine((text) => text.trim() !== '', 'must not be empty');

/** The prompt of a model that makes a graph. */
export const GraphTemplate = z.object({
  /** For changes of a graph. */
  change: z.boolean().default(false),
  /** The graph that is changed; without it, its place is left open. */
  graph: GraphRef.optional(),
});

const saying = {
  requirement,
  /** Name or id of the model that makes it. */
  model: Name,
};

/** Says something about a tool that is made: to begin with it without `conversationId`. */
export const SayOfTool = z.object({ ...saying, conversationId: ConversationId.optional() });
/** The same about a graph. */
export const SayOfGraph = SayOfTool.extend({
  /** The graph that is changed, where it is not a new one. */
  graph: GraphRef.optional(),
});

const named = {
  ...saying,
  /** The id that the caller gives to the conversation; null makes one. */
  conversation: ConversationId.nullable().default(null),
  userId: Name.optional(),
  stream: z.boolean().default(true),
};
export const GenerateTool = z.object(named);
export const GenerateGraph = z.object({ ...named, graph: GraphRef.optional() });

export const ListGenerations = z.object({ type: z.enum(generationTypes).optional() });

export type GenerationType = (typeof generationTypes)[number];

/** The draft of a model, and its missing parts. */
export type Drafted =
  | { type: 'graph'; draft: GraphDraft; missing: string[] }
  | { type: 'tool'; draft: ToolDraft; missing: string[] };

/** A conversation in which a model makes something. */
export type Generation = Drafted & {
  id: string;
  externalId: string;
  /** The graph or server that it changes, or made; null where there is none, or none that the actor sees. */
  subject: { id: string; name: string } | null;
};
