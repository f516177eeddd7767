import { z } from 'zod';
import { graphConfig } from '@switchboard/core/graphs/schema';
import { documentedAs } from '../kit/documented.ts';
import { isStream, type SseEvent } from '../kit/sse.ts';

/** Shapes of the graphs of the agents API as documented. */

export const GraphBody = graphConfig;

const graphName = z.string().min(1).max(256).meta({ description: 'Name of a graph' });
export const ByGraph = z.object({ graph_name: graphName });
export const RenamePath = z.object({ old_name: graphName, new_name: graphName });

export const GraphNames = z.array(z.string());

const Node = z
  .looseObject({
    name: z.string(),
    model_name: z.string().meta({ description: 'The model that speaks for the node; empty for a sub-graph' }),
    level: z.int().nullish().meta({ description: 'Nodes of one level run beside each other, from 0' }),
  })
  .meta({ id: 'AgentsGraphNode', description: 'A node; fields that the hub does not know are kept' });

export const GraphConfig = z
  .looseObject({ name: z.string(), description: z.string(), nodes: z.array(Node) })
  .meta({ id: 'AgentsGraph' });

export const GraphReadme = z.object({
  name: z.string(),
  config: GraphConfig,
  readme: z.string().meta({ description: 'Markdown, with a flow chart as Mermaid text' }),
});

export const GraphScript = z.object({
  graph_name: z.string(),
  script: z.string().meta({ description: 'A program for Python 3 that serves the graph as an MCP tool over stdio' }),
  default_script: z.string().meta({ description: 'The same as `script`' }),
  sequential_script: z.string().meta({ description: 'The same as `script`' }),
  node_script: z.string().meta({ description: 'The same for Node' }),
});

export const ExecuteBody = z.object({
  graph_name: graphName,
  input_text: z
    .string()
    .max(500_000)
    .nullish()
    .meta({ description: 'What the graph is given; without it a run that is there goes on where it ended' }),
  conversation_id: z
    .string()
    .min(1)
    .max(256)
    .nullish()
    .meta({ description: 'Of a run that goes on, or begins anew with `input_text`; an unknown one names the new run' }),
  continue_from_checkpoint: z
    .boolean()
    .nullish()
    .meta({ description: 'Goes on where the run ended, though there is an `input_text`' }),
  user_id: z
    .string()
    .max(256)
    .optional()
    .meta({ description: 'The caller’s own id or user name; `default_user`, or nothing, is the caller too' }),
  background: z.boolean().default(false).meta({ description: 'True: answers at once, and the run goes on by itself' }),
});
export type ExecuteBody = z.infer<typeof ExecuteBody>;

const Started = z
  .object({ status: z.literal('started'), conversation_id: z.string(), message: z.string() })
  .meta({ id: 'AgentsRunStarted' });

/** The answer for a run in the background, or a stream. */
export const ExecuteAnswer = z
  .custom<z.infer<typeof Started> | AsyncIterable<SseEvent>>(
    (value) => isStream(value) || Started.safeParse(value).success,
  )
  .meta(documentedAs(Started));
