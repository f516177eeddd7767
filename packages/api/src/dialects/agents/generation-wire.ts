import { z } from 'zod';
import { documentedAs } from '../kit/documented.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';

/** Shapes of what models make, of the agents API as documented. */

const said = z.string().nullish();

export const ParsedResults = z
  .looseObject({
    analysis: said.meta({ description: 'Null: nobody has said it yet' }),
    todo: said.meta({ description: 'Null: nobody has said it yet' }),
    nodes: z.array(z.looseObject({ name: z.string() })).optional(),
    script_files: z.record(z.string(), z.string()).optional().meta({ description: 'Texts by the names of the files' }),
    problems: z
      .array(
        z.object({
          tag: z.string(),
          name: z.string().nullable().meta({ description: 'Null where it cannot be read' }),
          reason: z.string(),
        }),
      )
      .meta({ description: 'What could not be read of the last answer' }),
  })
  .meta({ id: 'AgentsParsedResults', description: 'What was made so far, read from the tags of all answers' });

export const PromptTemplate = z.object({ prompt: z.string() });
export const ChangeQuery = z.object({
  graph_name: z.string().max(256).optional().meta({ description: 'The graph that is to become better' }),
});
export const ChangeTemplate = z.object({
  prompt: z.string(),
  has_graph_config: z
    .enum(['True', 'False'])
    .meta({ description: 'Whether the graph stands in the prompt; else `{GRAPH_CONFIG}` does' }),
  graph_name: z.string().optional(),
  note: z.string().optional(),
});
export const ToolTemplate = z.object({ template: z.string(), note: z.string() });

const shared = {
  requirement: z
    .string()
    .max(500_000)
    .default('')
    .meta({ description: 'What is wanted; `<end>END</end>` finishes. It must not be blank' }),
  model_name: z.string().max(256).default('').meta({ description: 'Name of a model' }),
  conversation_id: z
    .string()
    .max(256)
    .nullish()
    .meta({ description: 'Of what goes on; an unknown one names a new conversation, and without it one is made' }),
  user_id: z
    .string()
    .max(256)
    .optional()
    .meta({ description: 'The caller’s own id or user name; `default_user`, or nothing, is the caller too' }),
  stream: z.boolean().default(true).meta({ description: 'False: the whole answer, as JSON' }),
};
export const GenerateGraphBody = z.object({
  ...shared,
  graph_name: z.string().max(256).nullish().meta({ description: 'A graph that is changed' }),
});
export const GenerateToolBody = z.object(shared);
export type GenerateToolBody = z.infer<typeof GenerateToolBody>;

const Generated = z
  .object({
    conversation_id: z.string(),
    output: z.string().optional().meta({ description: 'What the model said' }),
    parsed_results: ParsedResults.optional(),
    completion: z
      .looseObject({ message: z.string() })
      .optional()
      .meta({ description: 'After the end: `graph_name`, or `tool_name`, of what was made' }),
    incomplete: z
      .object({ message: z.string(), missing_fields: z.array(z.string()) })
      .optional()
      .meta({ description: 'After an end that came too early' }),
  })
  .meta({ id: 'AgentsGenerated' });
export type Generated = z.infer<typeof Generated>;

/** The whole of it, or a stream. */
export const GenerateAnswer = z
  .custom<Generated | AsyncIterable<SseEvent>>((value) => isStream(value) || Generated.safeParse(value).success)
  .meta(documentedAs(Generated));
