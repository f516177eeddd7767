import { z } from 'zod';
import { compactTypes, ConversationPatch, conversationStatuses, Tags } from '@switchboard/core/conversations/schema';
import { documentedAs } from '../kit/documented.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';
import { ParsedResults } from './generation-wire.ts';

/** Shapes of the chat of the agents API as documented. */

const userId = z
  .string()
  .max(256)
  .optional()
  .meta({ description: 'The caller’s own id or user name; `default_user`, or nothing, is the caller too' });

export const ChatBody = z.object({
  user_prompt: z.string().max(500_000).default('').meta({ description: 'What is said; it must not be blank' }),
  system_prompt: z.string().max(500_000).nullable().optional(),
  mcp_servers: z
    .array(z.string().min(1).max(256))
    .max(100)
    .default([])
    .meta({ description: 'Ids or names of servers whose tools may be used; what is not there is left out' }),
  model_name: z.string().max(256).default('').meta({ description: 'Name of a model' }),
  conversation_id: z
    .string()
    .min(1)
    .max(256)
    .nullable()
    .optional()
    .meta({ description: 'Chosen by the caller; a new one begins a conversation. Without it nothing is kept' }),
  user_id: userId,
  stream: z.boolean().default(true).meta({ description: 'False: the whole answer, as JSON' }),
});
export type ChatBody = z.infer<typeof ChatBody>;

const Message = z
  .looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']) })
  .meta({ id: 'AgentsMessage', description: 'A message as OpenAI has it' });

const TokenUsage = z
  .object({
    total_tokens: z.int().meta({ description: 'Tokens of both together' }),
    prompt_tokens: z.int().meta({ description: 'Tokens that the model was told' }),
    completion_tokens: z.int().meta({ description: 'Tokens that it said' }),
  })
  .meta({ id: 'AgentsTokenUsage', description: 'Of all turns together' });

const Answer = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number().meta({ description: 'Seconds since 1970' }),
    model: z.string(),
    messages: z.array(Message).meta({ description: 'From the system prompt to the last answer' }),
    output: z.string().meta({ description: 'The text of the last answer' }),
    choices: z.array(
      z.object({
        index: z.int().meta({ description: 'Always 0' }),
        message: Message,
        finish_reason: z.string().meta({ description: 'Why it ended' }),
      }),
    ),
    usage: TokenUsage,
  })
  .meta({ id: 'AgentsChatAnswer' });
export type Answer = z.infer<typeof Answer>;

/** The whole of it, or a stream. */
export const ChatAnswer = z
  .custom<Answer | AsyncIterable<SseEvent>>((value) => isStream(value) || Answer.safeParse(value).success)
  .meta(documentedAs(Answer));

export const ByUser = z.object({ user_id: userId });
const conversationId = z.string().min(1).max(256).meta({ description: 'As the caller called it' });
export const ByConversation = z.object({ conversation_id: conversationId });

const identity = {
  _id: z.string().meta({ description: 'The same as `conversation_id`' }),
  conversation_id: z.string(),
  user_id: z.string().meta({ description: 'Id of the account; `default_user` where nobody signs in' }),
  type: z
    .enum(['chat', 'agent', 'graph'])
    .meta({ description: '`agent`: a model makes a graph or a tool in it; `graph`: a run of a graph' }),
  generation_type: z
    .enum(['chat', 'graph', 'mcp', 'graph_run'])
    .meta({ description: 'What it is for: `graph` and `mcp` make a graph or a tool' }),
  title: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  round_count: z.int().meta({ description: 'Of the branch that is shown' }),
  total_token_usage: TokenUsage,
  status: z.enum(conversationStatuses),
  tags: z.array(z.string()),
};

export const ConversationList = z.object({
  conversations: z.array(z.object(identity).meta({ id: 'AgentsConversation' })),
  total_count: z.int().meta({ description: 'How many are listed' }),
});

export const ConversationDetail = z
  .looseObject({
    ...identity,
    rounds: z.array(z.looseObject({ round: z.int().meta({ description: 'From 1' }), messages: z.array(Message) })),
    execution_chain: z
      .array(z.array(z.string()))
      .optional()
      .meta({ description: 'Of a run of a graph: the nodes in the order they ran, those of one level together' }),
    parsed_results: ParsedResults.optional(),
    final_result: z.string().optional().meta({ description: 'Of a run of a graph' }),
  })
  .meta({ id: 'AgentsConversationDetail' });

const { shape } = ConversationPatch;

export const StatusBody = ByConversation.extend({ status: z.enum(conversationStatuses), user_id: userId });
export const TitleBody = ByConversation.extend({
  title: z.string().max(100, 'must be at most 100 characters'),
  user_id: userId,
});
export const TagsBody = ByConversation.extend({ tags: Tags, user_id: userId });
export const RemoveQuery = ByConversation.extend({ user_id: userId });

export const CompactBody = ByConversation.extend({
  model_name: z.string().max(256).meta({ description: 'The model that summarises; it is looked up for either type' }),
  compact_type: z.enum(compactTypes).default('brutal').meta({
    description: '`brutal` keeps what was asked and the last answer; `precise` shortens long results of tools',
  }),
  compact_threshold: z
    .int()
    .min(100)
    .max(10_000)
    .default(2_000)
    .meta({ description: 'Characters from which on a result is long' }),
  user_id: userId,
});

const done = {
  status: z.literal('success'),
  message: z.string(),
  conversation_id: z.string(),
};
export const StatusDone = z.object({ ...done, new_status: shape.status.unwrap() });
export const TitleDone = z.object({ ...done, title: z.string() });
export const TagsDone = z.object({ ...done, tags: z.array(z.string()) });
export const RemoveDone = z.object(done);
export const CompactDone = z.object({
  ...done,
  compact_type: z.enum(compactTypes),
  statistics: z.object({
    original_rounds: z.int().meta({ description: 'Rounds before' }),
    original_messages: z.int().meta({ description: 'Messages before' }),
    compacted_rounds: z.int().meta({ description: 'Rounds after' }),
    compacted_messages: z.int().meta({ description: 'Messages after' }),
    compression_ratio: z.number().meta({ description: 'The part of the messages that is gone, from 0 to 1' }),
    tool_contents_summarized: z.int().meta({ description: 'Results of tools that a summary stands for' }),
    original_tokens: z.number().meta({ description: 'Estimated' }),
    compressed_tokens: z.number().meta({ description: 'Estimated' }),
    reduction_rate: z.string().meta({ description: 'The part of the tokens that is gone, such as `60%`' }),
  }),
});
