import { DomainError } from '@switchboard/core';
import {
  executeGraph,
  getGraph,
  graphReadme,
  graphScripts,
  listGraphs,
  removeGraph,
  renameGraph,
  saveGraph,
  type Asked,
  type GraphTold,
} from '@switchboard/core/graphs';
import { say } from '@switchboard/core/reasons';
import type { ApiContext } from '../../context.ts';
import { heldStream } from '../../streams.ts';
import type { RouteAnswers } from '../kit/problem.ts';
import type { SseEvent } from '../kit/sse.ts';
import { describeFailure } from './describe-failure.ts';
import { route } from './dialect.ts';
import { graphs as examples } from './examples.ts';
import {
  ByGraph,
  ExecuteAnswer,
  ExecuteBody,
  GraphBody,
  GraphConfig,
  GraphNames,
  GraphReadme,
  GraphScript,
  RenamePath,
} from './graph-wire.ts';
import { done } from './map.ts';
import { Done } from './wire.ts';

const taken: RouteAnswers = { conflict: { status: 400 } };

function pathsAt(end: string) {
  const path = `/graphs${end}` as const;
  return { path, aliases: [`/api${path}`] } as const;
}

export const list = route({
  method: 'GET',
  ...pathsAt(''),
  summary: 'List the names of graphs',
  verbs: [listGraphs],
  errors: [401, 403, 500],
  example: { response: examples.list },
})
  .output(GraphNames)
  .query(async ({ ctx }) => (await listGraphs(ctx.core, {})).map(({ name }) => name));

export const get = route({
  method: 'GET',
  ...pathsAt('/{graph_name}'),
  summary: 'Show a graph',
  verbs: [getGraph],
  errors: [401, 403, 404, 500],
  example: { response: examples.one },
})
  .input(ByGraph)
  .output(GraphConfig)
  .query(async ({ ctx, input }) => (await getGraph(ctx.core, { id: input.graph_name })).config);

export const readme = route({
  method: 'GET',
  ...pathsAt('/{graph_name}/readme'),
  summary: 'Show what a graph is as Markdown',
  verbs: [graphReadme],
  errors: [401, 403, 404, 500],
  example: { response: examples.readme },
})
  .input(ByGraph)
  .output(GraphReadme)
  .query(({ ctx, input }) => graphReadme(ctx.core, { id: input.graph_name }));

export const save = route({
  method: 'POST',
  ...pathsAt(''),
  summary: 'Create a graph, or replace the one of its name',
  description:
    'A node that takes nothing and that nothing leads to begins the graph where none takes `start`; one that leads to ' +
    'nothing ends it where none leads to `end`. A server that is not connected is no reason to refuse it.',
  verbs: [saveGraph],
  alsoNeeds: { 'graph.configure': 'to replace one' },
  errors: [400, 401, 403, 422, 429, 500],
  answers: taken,
  example: { body: examples.body, response: examples.saved },
})
  .input(GraphBody)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { name } = await saveGraph(ctx.core, { config: input });
    return done(`图 '${name}' 保存成功`);
  });

export const remove = route({
  method: 'DELETE',
  ...pathsAt('/{graph_name}'),
  summary: 'Delete a graph',
  description: 'Runs of it stay, with the graph as they began with it.',
  verbs: [removeGraph],
  errors: [401, 403, 404, 500],
  example: { response: examples.removed },
})
  .input(ByGraph)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { name } = await removeGraph(ctx.core, { id: input.graph_name });
    return done(`图 '${name}' 删除成功`);
  });

export const rename = route({
  method: 'PUT',
  ...pathsAt('/{old_name}/rename/{new_name}'),
  summary: 'Rename a graph',
  description: 'Graphs that contain it, and that the caller may change, contain it under its new name.',
  verbs: [renameGraph],
  errors: [400, 401, 403, 404, 500],
  answers: taken,
  example: { response: examples.renamed },
})
  .input(RenamePath)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { name } = await renameGraph(ctx.core, { id: input.old_name, name: input.new_name });
    return done(`图 '${input.old_name}' 重命名为 '${name}' 成功`);
  });

export const script = route({
  method: 'GET',
  ...pathsAt('/{graph_name}/generate_mcp'),
  summary: 'Get a program that serves a graph as an MCP server',
  description: 'It calls this hub with the API key in the environment variable SWITCHBOARD_API_KEY.',
  verbs: [graphScripts],
  errors: [401, 403, 404, 500],
  example: { response: examples.script },
})
  .input(ByGraph)
  .output(GraphScript)
  .query(async ({ ctx, input }) => {
    const { name, python, node } = await graphScripts(ctx.core, { id: input.graph_name, baseUrl: ctx.ownUrl });
    const scripts = { script: python, default_script: python, sequential_script: python, node_script: node };
    return { graph_name: name, ...scripts };
  });

export const execute = route({
  method: 'POST',
  ...pathsAt('/execute'),
  summary: 'Run a graph',
  description:
    'Nodes of one level run beside each other: every event names its node. `[DONE]` comes last, after a failure too. ' +
    'The run goes on where the caller leaves. With the `conversation_id` of a run that failed it goes on where it ended.',
  stream: 'background',
  verbs: [executeGraph],
  errors: [400, 401, 403, 404, 409, 422, 429, 500],
  example: examples.execute,
})
  .input(ExecuteBody)
  .output(ExecuteAnswer)
  .mutation(async ({ ctx, input }) => {
    if (input.background) {
      const { conversation } = await begin(ctx, input);
      const message = `图 '${input.graph_name}' 已在后台开始执行`;
      return { status: 'started' as const, conversation_id: conversation, message };
    }
    // Counted before anything runs: nobody pays for an answer that is refused.
    const release = ctx.streams.hold(ctx.core.actor);
    try {
      const run = await begin(ctx, input);
      return heldStream(eventsOf(ctx, run), release, ctx.core.signal);
    } catch (error) {
      release();
      throw error;
    }
  });

type Run = Awaited<ReturnType<typeof executeGraph>>;

function begin(ctx: ApiContext, input: ExecuteBody): Promise<Run> {
  return executeGraph(ctx.core, {
    graph: input.graph_name,
    input: input.input_text ?? null,
    conversation: input.conversation_id ?? null,
    resume: input.continue_from_checkpoint ?? false,
    ...(input.user_id !== undefined && { userId: input.user_id }),
  });
}

function toSse(event: GraphTold): SseEvent | null {
  const at = { node_name: event.node };
  switch (event.type) {
    case 'node_start':
      return { data: { type: 'node_start', ...at, level: event.level } };
    case 'chunk':
      // The chunk is JSON already: an object with at least its id.
      return { data: null, text: `${event.json.slice(0, -1)},"node_name":${JSON.stringify(event.node)}}` };
    case 'result': {
      const { tool_call_id, content } = event.message;
      return { data: { role: 'tool', tool_call_id, content, ...at } };
    }
    case 'node_end':
      return { data: { type: 'node_end', ...at } };
    default:
      return null;
  }
}

/** An event that is not documented: the run resumes when people have answered. */
function waitingEvent(conversation: string, waiting: readonly Asked[]) {
  const questions = waiting.map(({ node, question: { ask, text, targets } }) => ({
    node_name: node,
    ask,
    text,
    targets,
  }));
  return { type: 'graph_waiting', conversation_id: conversation, questions };
}

async function* eventsOf(ctx: ApiContext, { conversation, isNew, news }: Run): AsyncGenerator<SseEvent> {
  if (isNew) yield { data: { type: 'conversation_created', conversation_id: conversation } };
  yield { data: { type: 'node_start', node_name: 'start', level: 0 } };
  yield { data: { type: 'node_end', node_name: 'start' } };
  try {
    for await (const item of news) {
      const shown = item.type === 'event' ? toSse(item.event) : null;
      if (shown) yield shown;
      if (item.type !== 'end') continue;
      const { outcome, result, code, reason } = item.run;
      if (outcome !== 'ok' || !result) throw new DomainError(code ?? 'timeout', reason ?? say('answerRefused'));
      if (result.waiting.length > 0) {
        yield { data: waitingEvent(conversation, result.waiting) };
        continue;
      }
      const { final_result, execution_chain } = result.result;
      yield { data: { type: 'graph_complete', final_result, execution_chain } };
    }
  } catch (error) {
    const { message } = describeFailure(ctx, error, 'A run of a graph could not be told');
    yield { data: { error: { message, type: 'execution_error' } } };
  }
  yield { data: null, text: '[DONE]' };
}
