import { z } from 'zod';
import type { AssistantMessage, ToolMessage } from '@switchboard/agents';
import {
  conversationStatuses,
  visibilities,
  type conversationKinds,
  type generationTypes,
  type titledBy,
} from '@switchboard/db/words';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { ModelOptions } from '../models/fields.ts';
import { ByRun, ChosenTools, ConversationId, Name, noNul, Prompt, RunId, Tag, Tags, Title } from './fields.ts';

export { conversationStatuses };
export * from './extras-schema.ts';
export * from './fields.ts';
export * from './import-schema.ts';
export * from './presets-schema.ts';
export * from './questions-schema.ts';
export * from './rules-schema.ts';

/** The settings of a round. */
export const RoundSettings = z.object({
  /** Name or id. */
  model: Name,
  /** Asked where the model fails before it has said anything. */
  fallback: Name.nullable().default(null),
  systemPrompt: Prompt.default(''),
  chosen: ChosenTools.default({ servers: [], groups: [], tools: null }),
  /** Win over the settings of the model. */
  options: ModelOptions.default({}),
});
export type RoundSettings = z.infer<typeof RoundSettings>;

const mostImageCharacters = 7_000_000;

/** A file that goes along with a message: an image as a data URL, or text. */
export const Attachment = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('image'),
    name: z.string().max(256),
    url: z.string().max(mostImageCharacters, 'must be an image of at most 5 MB'),
  }),
  z.object({
    type: z.literal('text'),
    name: z.string().max(256),
    text: z.string().max(500_000, 'must be at most 500,000 characters'),
  }),
]);
export type Attachment = z.infer<typeof Attachment>;

/** Something said in a conversation: a new one without `conversationId`. */
export const Say = z.object({
  conversationId: ConversationId.optional(),
  content: Prompt,
  attachments: z.array(Attachment).max(10).default([]),
  /** The round before this one; null for the first. Default: the last one on the branch that is shown. */
  parentId: z.string().max(64).nullable().optional(),
  settings: RoundSettings,
  /** Name or id of a second model that is asked the same: it answers in a round beside, on a branch of its own. */
  beside: Name.optional(),
});
export type Say = z.infer<typeof Say>;

export const ByConversation = z.object({ id: ConversationId });
export const FollowRound = ByRun.extend({ after: z.int().min(0).max(2_147_483_647).default(0) });

export const ListConversations = z.object({
  /** Default: all but deleted ones. */
  status: z.enum(conversationStatuses).optional(),
  archived: z.boolean().default(false),
  tag: Tag.optional(),
  /** Words of titles, tags and of what was said. */
  search: z.string().trim().max(200).regex(noNul, 'must hold no NUL').optional(),
  /** Those of others that are open to the caller. */
  shared: z.boolean().default(false),
});

export const GetConversation = ByConversation.extend({
  /** Only rounds before this one. */
  before: z.string().max(64).optional(),
  rounds: z.int().min(1).max(200).default(50),
});

/** Conversations of others, as admins look for them. */
export const ListOthers = z.object({
  /** Name or id of a person; absent: of everybody. */
  owner: Name.optional(),
  /** Words of titles and tags. */
  search: z.string().trim().max(200).regex(noNul, 'must hold no NUL').optional(),
});

/** A conversation of somebody, as the list for admins has it. */
export interface OthersItem extends ConversationItem {
  ownerName: string | null;
}

export const ConversationPatch = z
  .object({
    title: Title,
    tags: Tags,
    status: z.enum(conversationStatuses),
    archived: z.boolean(),
    settings: RoundSettings,
  })
  .partial();
export const UpdateConversation = ByConversation.extend({ patch: ConversationPatch });

export const ShareConversation = ByConversation.extend({
  visibility: z.enum(visibilities),
  groups: z.array(z.string().min(1).max(64)).max(50).default([]),
});

export const SelectRound = ByConversation.extend({ runId: RunId });

export const compactTypes = ['brutal', 'precise'] as const;
export const Compact = ByConversation.extend({
  model: Name,
  type: z.enum(compactTypes).default('brutal'),
  threshold: z.int().min(100).max(10_000).default(2_000),
});

/** The facts of a call that are shown beside its message. */
export interface CallDetail {
  server: string | null;
  /** As the server calls it. */
  tool: string;
  title: string | null;
  /** Of the record of the call. */
  requestId: string | null;
  ms: number;
  structured?: unknown;
  /** The `ui://` resource that shows it. */
  app?: string;
  /** Characters that the result had before it was cut. */
  cutFrom?: number;
  /** The call may have been made: its answer was lost, or came too late. */
  isLost?: true;
}

/** A message of a model or a tool in a round. */
export type ChatMessage = AssistantMessage | ToolMessage;

/** A message of a round, with what is known of it. */
export type RoundMessage =
  | {
      role: 'assistant';
      turn: number;
      message: AssistantMessage;
      cut: boolean;
      model: string;
      usage: Used | null;
      ms: number;
      /** For how long it thought before it said something, where that is known. */
      thoughtMs: number | null;
    }
  | { role: 'tool'; turn: number; message: ToolMessage; detail: CallDetail | null };

export interface Used {
  tokensIn: number;
  tokensOut: number;
  cost: number;
  estimated: boolean;
}

export type RoundState = 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';

/** One round: the message of a person, and the messages that answer it. */
export interface Round {
  id: string;
  parentId: string | null;
  /** The rounds after the same one, this one included, in the order of their beginning. */
  siblings: string[];
  state: RoundState;
  settings: RoundSettings;
  content: string;
  attachments: Attachment[];
  messages: RoundMessage[];
  finish: string | null;
  failure: Reason | null;
  /** True where its answer ended in the middle and can be continued. */
  canContinue: boolean;
  /** True where models get a summary in its place. */
  compacted: boolean;
  tokensIn: number;
  tokensOut: number;
  cost: number;
  createdAt: Date;
  endedAt: Date | null;
}

/** A conversation as a list has it. */
export interface ConversationItem {
  id: string;
  /** The id that callers gave to the conversation. */
  externalId: string;
  ownerId: string | null;
  /** `agent`: a model makes a graph or a tool in it; `graph`: a run of a graph. */
  kind: (typeof conversationKinds)[number];
  /** The kind of object that a model makes in it; null for other conversations. */
  makes: (typeof generationTypes)[number] | null;
  title: string;
  titledBy: (typeof titledBy)[number];
  status: (typeof conversationStatuses)[number];
  archived: boolean;
  tags: string[];
  visibility: (typeof visibilities)[number];
  groups: string[];
  rounds: number;
  tokensIn: number;
  tokensOut: number;
  cost: number;
  createdAt: Date;
  updatedAt: Date;
  /** It is answered at the moment. */
  isAnswered: boolean;
}

/** A conversation on the branch that is shown. */
export interface Conversation extends ConversationItem {
  ownerName: string | null;
  settings: RoundSettings | null;
  /** The last ones, or those before the round that was named; the first on its branch first. */
  shown: Round[];
  hasEarlier: boolean;
  /** Rounds that started together with the last one that is shown, for comparison; empty where there are none. */
  beside: Round[];
  /** About how many tokens its next round begins with. */
  contextTokens: number;
  can: { write: boolean; share: boolean };
}

/** A tool that a choice offers a model. */
export interface PreviewedTool {
  server: string;
  /** As the server calls it. */
  tool: string;
  /** As the model calls it. */
  name: string;
  title: string | null;
  description: string;
  readOnly: boolean;
  /** About how many tokens its definition costs. */
  tokens: number;
  /** Arguments to begin with. */
  example: Record<string, unknown>;
}

/** The result of a round. */
export interface RoundEnding {
  reason: 'stop' | 'length' | 'content_filter' | 'turns' | 'calls';
  used: Used;
}
