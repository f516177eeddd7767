import { z } from 'zod';
import type { AssistantMessage, ToolMessage } from '@switchboard/agents';
import {
  conversationStatuses,
  toolVerdicts,
  visibilities,
  type titledBy,
  type toolRuleScopes,
} from '@switchboard/db/words';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { ModelOptions } from '../models/fields.ts';

export { conversationStatuses };

const noNul = /^[^\0]*$/;
/** Ids are whatever their callers chose. */
export const ConversationId = z.string().min(1, 'must not be empty').max(256).regex(noNul, 'must hold no NUL');
const Name = z.string().min(1).max(256).regex(noNul, 'must hold no NUL');

export const Prompt = z.string().max(500_000, 'must be at most 500,000 characters');
export const Title = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must be at most 100 characters')
  .regex(noNul, 'must hold no NUL');
export const Tag = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(20, 'must be at most 20 characters')
  .regex(noNul, 'must hold no NUL');
export const Tags = z.array(Tag).max(10, 'must be at most 10 tags');

/** Tools that a conversation may use: those of servers and of groups, all of them or single ones. */
export const ChosenTools = z.object({
  /** Ids, or names. */
  servers: z.array(Name).max(100).default([]),
  /** Slugs. */
  groups: z.array(Name).max(50).default([]),
  /** `server/tool` each; null: all that the servers and groups have. */
  tools: z.array(z.string().min(3).max(600)).max(1_000).nullable().default(null),
});
export type ChosenTools = z.infer<typeof ChosenTools>;

/** What a round begins with. */
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
  /** The round that this one follows; null: it is the first. Default: the last one on the branch that is shown. */
  parentId: z.string().max(64).nullable().optional(),
  settings: RoundSettings,
});
export type Say = z.infer<typeof Say>;

export const ByConversation = z.object({ id: ConversationId });
export const ByRun = z.object({ runId: z.string().min(1).max(64) });
export const FollowRound = ByRun.extend({ after: z.int().min(0).default(0) });

export const ListConversations = z.object({
  /** Default: all but those that were thrown away. */
  status: z.enum(conversationStatuses).optional(),
  archived: z.boolean().default(false),
  tag: Tag.optional(),
  /** Words of titles, tags and of what was said. */
  search: z.string().trim().max(200).optional(),
  /** Those of others that are open to the caller. */
  shared: z.boolean().default(false),
});

export const GetConversation = ByConversation.extend({
  /** Rounds before this one. */
  before: z.string().max(64).optional(),
  rounds: z.int().min(1).max(200).default(50),
});

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

export const SelectRound = ByConversation.extend({ runId: z.string().min(1).max(64) });

export const compactTypes = ['brutal', 'precise'] as const;
export const Compact = ByConversation.extend({
  model: Name,
  type: z.enum(compactTypes).default('brutal'),
  threshold: z.int().min(100).max(10_000).default(2_000),
});

/** What is shown of a call beside its message. */
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
}

/** What came of a round, as models have it. */
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
    }
  | { role: 'tool'; turn: number; message: ToolMessage; detail: CallDetail | null };

export interface Used {
  tokensIn: number;
  tokensOut: number;
  cost: number;
  estimated: boolean;
}

export type RoundState = 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';

/** One round: what a person said, and what came of it. */
export interface Round {
  id: string;
  parentId: string | null;
  /** Rounds that follow the same one, this one among them, in the order they were begun. */
  siblings: string[];
  state: RoundState;
  settings: RoundSettings;
  content: string;
  attachments: Attachment[];
  messages: RoundMessage[];
  finish: string | null;
  failure: Reason | null;
  /** Its answer ended in the middle, and can go on. */
  canContinue: boolean;
  /** A summary stands for it before models. */
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
  /** What its callers call it. */
  externalId: string;
  ownerId: string | null;
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
}

/** What a round asks its owner, and waits for. */
export type RoundQuestion =
  /** Whether a tool may be called. */
  | {
      type: 'approval';
      callId: string;
      server: string;
      tool: string;
      title: string | null;
      readOnly: boolean;
      destructive: boolean;
      arguments: Record<string, unknown>;
    }
  /** What to do about a call that a hub began before it died. */
  | { type: 'repeat'; callId: string; server: string; tool: string }
  /** What a server asks during a call: `elicitation/create`, `sampling/createMessage`. */
  | { type: 'server'; callId: string; server: string; method: string; params: Record<string, unknown> };

export const RoundAnswer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('approval'),
    allowed: z.boolean(),
    /** For how long that is an answer: this call, this conversation, or always. */
    remember: z.enum(['once', 'conversation', 'always']).default('once'),
  }),
  z.object({
    type: z.literal('repeat'),
    choice: z.enum(['repeat', 'skip', 'fail']),
    /** What the model is told in the place of a result; for `skip`. */
    text: z.string().max(10_000).default(''),
  }),
  /** The result of the server's request, for example `{action: 'accept', content: {…}}`. */
  z.object({ type: z.literal('server'), result: z.record(z.string(), z.unknown()) }),
  /** The model of the conversation answers what a server wants sampled. */
  z.object({ type: z.literal('model') }),
  z.object({ type: z.literal('declined'), reason: z.string().trim().min(1).max(1_000) }),
]);
export type RoundAnswer = z.infer<typeof RoundAnswer>;

export const AnswerRound = ByRun.extend({ askId: z.string().max(64), answer: RoundAnswer });

/** What a round came to. */
export interface RoundEnding {
  reason: 'stop' | 'length' | 'content_filter' | 'turns' | 'calls';
  used: Used;
}

/** The actor's own rules, or those of a group. */
export const ListToolRules = z.object({ groupId: Name.optional() });

/** What models may do with a tool; null: as if nobody had said anything. */
export const SetToolRule = z.object({
  server: Name,
  tool: z.string().min(1).max(512),
  groupId: Name.optional(),
  verdict: z.enum(toolVerdicts).nullable(),
});

export interface ToolRule {
  id: string;
  serverId: string;
  tool: string;
  scope: (typeof toolRuleScopes)[number];
  groupId: string | null;
  conversationId: string | null;
  verdict: (typeof toolVerdicts)[number];
  createdAt: Date;
}

const ExtraName = z.string().min(1).max(512);
/** A prompt by the name that it has among what was chosen. */
export const UsePrompt = z.object({
  chosen: ChosenTools,
  name: ExtraName,
  arguments: z.record(z.string().max(256), z.string().max(100_000)).default({}),
});
export const ReadExtra = z.object({ chosen: ChosenTools, uri: z.string().min(1).max(8_192) });
export const CompleteExtra = z.object({
  chosen: ChosenTools,
  prompt: ExtraName,
  argument: z.string().min(1).max(256),
  value: z.string().max(10_000),
});

export interface OfferedPrompt {
  server: string;
  name: string;
  /** By it `usePrompt` finds it. */
  exposedName: string;
  title: string | null;
  description: string | null;
  arguments: { name: string; description: string | null; required: boolean }[];
}

export interface OfferedResource {
  uri: string;
  name: string;
  description: string | null;
  mimeType: string | null;
}

/** What may go into a message besides words. */
export interface ConversationExtras {
  prompts: OfferedPrompt[];
  resources: OfferedResource[];
}

export interface UsedPrompt {
  messages: { role: 'user' | 'assistant'; text: string }[];
}

/** Of one round, as an export has it. */
const ImportedRound = z.object({
  content: Prompt,
  createdAt: z.iso.datetime().optional(),
  model: z.string().max(256).default(''),
  answers: z
    .array(
      z.discriminatedUnion('role', [
        z.object({
          role: z.literal('assistant'),
          content: z.string().max(2_000_000).nullable(),
          reasoning_content: z.string().max(2_000_000).optional(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().min(1).max(200),
                type: z.literal('function'),
                function: z.object({ name: z.string().min(1).max(64), arguments: z.string().max(1_000_000) }),
              }),
            )
            .max(64)
            .optional(),
        }),
        z.object({
          role: z.literal('tool'),
          tool_call_id: z.string().min(1).max(200),
          content: z.string().max(2_000_000),
        }),
      ]),
    )
    .max(500),
});

/** A conversation as an export of the hub has it. */
export const ImportConversation = z.object({
  format: z.literal('switchboard-conversation'),
  version: z.literal(1),
  title: z.string().max(100).default(''),
  tags: Tags.default([]),
  rounds: z.array(ImportedRound).min(1, 'must have a round').max(5_000),
});
export type ImportConversation = z.infer<typeof ImportConversation>;
