import { z } from 'zod';
import { documentedAs } from '../kit/documented.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';
import { Open, boundOthers } from './open.ts';

/** The most of each that a request may have: no model takes more. */
const most = { messages: 4096, parts: 1024, calls: 256, tools: 512, choices: 16, stops: 16 };

export const ListedModel = z
  .object({
    id: z.string().meta({ description: 'The name of the model' }),
    object: z.literal('model'),
    created: z.int().meta({ description: 'Seconds since 1970; 0 of what is built in' }),
    owned_by: z.string(),
  })
  .meta({ id: 'OpenAIModel' });

export const ModelList = z.object({ object: z.literal('list'), data: z.array(ListedModel) });

const ModelRef = z.string().min(1).max(256);

export const ByModel = z.object({ model: ModelRef.meta({ description: 'Name or id of a model; it may hold `/`' }) });

const Label = z.string().min(1).max(256);
const Word = z.string().max(64);

const TextPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const ImagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({
    url: z.string().min(1).meta({ description: 'https, or a data URL' }),
    detail: Word.optional(),
  }),
});
const RefusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });

/** A text, or a list of parts of these types. */
function partsOf<Part extends z.ZodType>(part: Part, types: string) {
  const error = `must be a text, or a list of at most ${most.parts} parts of the type ${types}`;
  return z.union([z.string(), z.array(part).max(most.parts)], { error });
}

const ToolCall = z.looseObject({
  id: Label,
  type: z.literal('function').default('function'),
  function: z.looseObject({ name: Label, arguments: z.string() }),
});

const Instructions = { content: partsOf(TextPart, 'text'), name: Label.nullish() };

const Message = z.discriminatedUnion(
  'role',
  [
    z.looseObject({ role: z.literal('system'), ...Instructions }),
    z.looseObject({ role: z.literal('developer'), ...Instructions }),
    z.looseObject({
      role: z.literal('user'),
      content: partsOf(z.discriminatedUnion('type', [TextPart, ImagePart]), 'text or image_url'),
      name: Label.nullish(),
    }),
    z.looseObject({
      role: z.literal('assistant'),
      content: partsOf(z.discriminatedUnion('type', [TextPart, RefusalPart]), 'text or refusal').nullish(),
      refusal: z.string().nullish(),
      tool_calls: z.array(ToolCall).max(most.calls).nullish(),
    }),
    z.looseObject({ role: z.literal('tool'), tool_call_id: Label, content: partsOf(TextPart, 'text') }),
  ],
  { error: 'must be a message whose role is system, developer, user, assistant or tool' },
);
export type Message = z.infer<typeof Message>;

const Tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: Label,
    description: z.string().nullish(),
    parameters: z.record(z.string(), Open).nullish().meta({ description: 'JSON Schema of its arguments' }),
    strict: z.boolean().nullish(),
  }),
});
export type Tool = z.infer<typeof Tool>;

const ToolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: Label }) }),
]);

const Tokens = z.int().min(1).max(10_000_000).optional();

/** The settings that the hub knows; others go to the provider as they are. */
const settings = {
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  top_k: z.number().optional(),
  max_tokens: Tokens,
  max_completion_tokens: Tokens,
  frequency_penalty: z.number().optional(),
  presence_penalty: z.number().optional(),
  n: z.int().min(1).max(most.choices).optional(),
  stop: z.union([z.string(), z.array(z.string()).max(most.stops)]).optional(),
  seed: z.int().optional(),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().min(0).max(100).optional(),
  tool_choice: ToolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: z.record(z.string(), Open).optional(),
  reasoning_effort: Word.optional(),
};

/** The one gate of what is asked of a model. */
export const ChatBody = z
  .object({
    model: ModelRef.meta({ description: 'Name or id of a model that the caller may use' }),
    messages: z.array(Message).min(1).max(most.messages),
    tools: z.array(Tool).max(most.tools).optional(),
    stream: z.boolean().default(false).meta({ description: 'Chunk by chunk, as `text/event-stream`' }),
    stream_options: z
      .looseObject({ include_usage: z.boolean().optional() })
      .optional()
      .meta({ description: '`include_usage`: the last chunk tells what the turn took' }),
    mcp_servers: z
      .array(Label)
      .max(100)
      .nullish()
      .meta({
        description:
          'Ids or names of servers of the hub whose tools the model may use; the hub calls them, and the answer comes when ' +
          'the model is done. Beside `tools` it cannot be given',
      }),
    ...settings,
  })
  .catchall(Open)
  .superRefine(boundOthers)
  .superRefine(({ tools = [], mcp_servers: servers }, issues) => {
    if (tools.length === 0 || (servers ?? []).length === 0) return;
    const message = 'cannot be given beside tools: whose call would it be that the model makes?';
    issues.addIssue({ code: 'custom', message, path: ['mcp_servers'] });
  });
export type ChatBody = z.infer<typeof ChatBody>;

const Count = z.int().meta({ description: 'Tokens' });

const Completion = z
  .looseObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.number().meta({ description: 'Seconds since 1970' }),
    model: z.string().meta({ description: 'As the provider calls it' }),
    choices: z.array(
      z.looseObject({
        index: z.int().meta({ description: 'From 0; more than one where `n` asks for it' }),
        message: z.looseObject({
          role: z.string(),
          content: z.string().nullish().meta({ description: 'null: the model calls tools, or refuses' }),
        }),
        finish_reason: z
          .string()
          .nullish()
          .meta({ description: '`stop`, `length`, `tool_calls`, `content_filter` or a word of the provider' }),
      }),
    ),
    usage: z
      .looseObject({ prompt_tokens: Count, completion_tokens: Count, total_tokens: Count })
      .nullish()
      .meta({ description: 'null: the provider does not tell' }),
  })
  .meta({ id: 'OpenAICompletion' });

/** The provider's answer, unchecked: clients know its format. */
export const ChatAnswer = z
  .custom<object | AsyncIterable<SseEvent>>((value) => isStream(value) || (typeof value === 'object' && value !== null))
  .meta(documentedAs(Completion));
