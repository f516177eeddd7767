import { DomainError, isDomainError } from '@switchboard/core';
import { findNamed } from '@switchboard/core/conversations';
import { registerGeneratedTool } from '@switchboard/core/generated-tools';
import {
  finishGraph,
  finishTool,
  generateGraph,
  generateTool,
  getGeneration,
  graphTemplate,
  toolTemplate,
  type Generating,
} from '@switchboard/core/generation';
import type { Generation } from '@switchboard/core/generation/schema';
import { say } from '@switchboard/core/reasons';
import type { ApiContext } from '../../context.ts';
import { heldStream } from '../../streams.ts';
import type { SseEvent } from '../kit/sse.ts';
import { requireText } from './chat-map.ts';
import { describeFailure } from './describe-failure.ts';
import { route } from './dialect.ts';
import { generation as examples } from './examples.ts';
import {
  ChangeQuery,
  ChangeTemplate,
  GenerateAnswer,
  GenerateGraphBody,
  GenerateToolBody,
  PromptTemplate,
  ToolTemplate,
  type Generated,
} from './generation-wire.ts';

function pathsAt(path: `/${string}`) {
  return { path, aliases: [`/api${path}`] } as const;
}

export const template = route({
  method: 'GET',
  ...pathsAt('/prompt-template'),
  summary: 'Get what a model is told that makes a graph',
  description: 'With the models and tools that the caller may use.',
  verbs: [graphTemplate],
  errors: [401, 403, 500],
  example: { response: examples.prompt },
})
  .output(PromptTemplate)
  .query(async ({ ctx }) => ({ prompt: (await graphTemplate(ctx.core, {})).prompt }));

export const changeTemplate = route({
  method: 'GET',
  ...pathsAt('/optimize-prompt-template'),
  summary: 'Get what a model is told that changes a graph',
  description: 'With the models and tools that the caller may use. Without a graph its place is left open.',
  verbs: [graphTemplate],
  alsoNeeds: { 'graph.read': 'with `graph_name`' },
  errors: [401, 403, 404, 500],
  example: { response: examples.change },
})
  .input(ChangeQuery)
  .output(ChangeTemplate)
  .query(async ({ ctx, input: { graph_name: given = '' } }) => {
    const asked = { change: true, ...(given !== '' && { graph: given }) };
    const { prompt, graph } = await graphTemplate(ctx.core, asked);
    if (graph !== null) return { prompt, has_graph_config: 'True' as const, graph_name: graph };
    return { prompt, has_graph_config: 'False' as const, note: '将 {GRAPH_CONFIG} 替换为图的配置后使用' };
  });

export const toolPrompt = route({
  method: 'GET',
  ...pathsAt('/mcp/ai-generator-template'),
  summary: 'Get what a model is told that makes a tool',
  verbs: [toolTemplate],
  errors: [401, 403, 500],
  example: { response: examples.template },
})
  .output(ToolTemplate)
  .query(async ({ ctx }) => {
    const { prompt } = await toolTemplate(ctx.core, {});
    const wanted = '## What is wanted\n\n[Describe here the tool that you want.]';
    return { template: `${prompt}\n\n${wanted}`, note: '将模板中的需求描述替换为您的具体需求后使用' };
  });

export const graph = route({
  method: 'POST',
  ...pathsAt('/graphs/generate'),
  summary: 'Make a graph with a model',
  description:
    'A dialogue: each request says something, and the model answers in tags, which are put together into a graph. Chunks ' +
    'come as the provider sends them, after the id of a new conversation. With `<end>END</end>` for a requirement the ' +
    'graph is stored, under a name that is free, or the one that is changed is replaced: `data: {"completion": …}`; where ' +
    'something is missing, `data: {"incomplete": …}`. A failure is `data: {"error": {"message", "type"}}`, and `[DONE]` ' +
    'comes last. A conversation goes on where the caller leaves.',
  stream: 'stream',
  verbs: [generateGraph, finishGraph],
  alsoNeeds: {
    'model.use': 'for the model that is named',
    'conversation.read': 'to finish',
    'graph.configure': 'to change a graph',
  },
  errors: [400, 401, 403, 404, 409, 422, 429, 500],
  example: examples.graph,
})
  .input(GenerateGraphBody)
  .output(GenerateAnswer)
  .mutation(async ({ ctx, input }) => {
    const { graph_name: graphName, ...body } = input;
    if (isEnd(body)) return endOf(ctx, body, finishingGraph);
    const more = graphName == null || graphName === '' ? {} : { graph: graphName };
    return answer(ctx, body, (asked) => generateGraph(ctx.core, { ...asked, ...more }));
  });

export const tool = route({
  method: 'POST',
  ...pathsAt('/mcp/generate'),
  summary: 'Make a tool with a model',
  description:
    'A dialogue as that about a graph. With `<end>END</end>` for a requirement the tool is registered, under a name that is ' +
    'free, or the one that was made in this conversation is changed. It is disabled: nothing of it runs until somebody ' +
    'with the right to run programs has reviewed and enabled it.',
  stream: 'stream',
  verbs: [generateTool, registerGeneratedTool],
  alsoNeeds: {
    'model.use': 'for the model that is named',
    'conversation.read': 'to finish',
    'server.configure': 'to change what was made before',
  },
  errors: [400, 401, 403, 404, 409, 422, 429, 500],
  example: examples.tool,
})
  .input(GenerateToolBody)
  .output(GenerateAnswer)
  .mutation(async ({ ctx, input }) => {
    if (isEnd(input)) return endOf(ctx, input, finishingTool);
    return answer(ctx, input, (asked) => generateTool(ctx.core, asked));
  });

type Body = GenerateToolBody;

interface GenerationRequest {
  requirement: string;
  model: string;
  conversation: string | null;
  userId?: string;
  stream: boolean;
}

/** The request; a blank requirement, then a blank model, are refused before anything is looked up. */
function toAsked(body: Body): GenerationRequest {
  const { conversation_id: conversation, user_id: userId, stream } = body;
  return {
    requirement: requireText('requirement', body.requirement),
    model: requireText('model_name', body.model_name),
    conversation: conversation == null || conversation === '' ? null : conversation,
    ...(userId !== undefined && { userId }),
    stream,
  };
}

async function answer(ctx: ApiContext, body: Body, generate: (asked: GenerationRequest) => Promise<Generating>) {
  const asked = toAsked(body);
  if (!body.stream) return wholeAnswer(ctx, body, await generate(asked));
  // Counted before the model is asked: nobody pays for an answer that is refused.
  const release = ctx.streams.hold(ctx.core.actor);
  try {
    return heldStream(eventsOf(ctx, await generate(asked)), release, ctx.core.signal);
  } catch (error) {
    release();
    throw error;
  }
}

async function* chunksOf({ news }: Generating): AsyncGenerator<{ json: string; content: string }> {
  for await (const item of news) {
    if (item.type === 'event' && item.event.type === 'chunk') yield item.event;
    if (item.type !== 'end') continue;
    const { outcome, code, reason } = item.run;
    if (outcome !== 'ok') throw new DomainError(code ?? 'timeout', reason ?? say('answerRefused'));
  }
}

async function* eventsOf(ctx: ApiContext, going: Generating): AsyncGenerator<SseEvent> {
  const { conversation, isNew } = going;
  if (isNew) yield { data: { type: 'conversation_created', conversation_id: conversation } };
  try {
    for await (const { json } of chunksOf(going)) yield { data: null, text: json };
  } catch (error) {
    yield failed(ctx, error, 'model_error');
  }
  yield { data: null, text: '[DONE]' };
}

type FailureType = 'parameter_error' | 'assembly_error' | 'model_error';

function failed(ctx: ApiContext, error: unknown, usual: FailureType): SseEvent {
  const { message, code } = describeFailure(ctx, error, 'What a model makes could not be told');
  const isDatabase = code === null || code === 'database_away';
  return { data: { error: { message, type: isDatabase ? 'database_error' : usual } } };
}

async function wholeAnswer(ctx: ApiContext, body: Body, going: Generating): Promise<Generated> {
  const { conversation } = going;
  let output = '';
  for await (const { content } of chunksOf(going)) output += content;
  const { draft } = await find(ctx, { ...body, conversation_id: conversation });
  return { conversation_id: conversation, output, parsed_results: { ...draft } };
}

/** How a dialogue ends. */
interface Finishing {
  type: Generation['type'];
  finish(ctx: ApiContext, id: string): Promise<NonNullable<Generated['completion']>>;
}

const finishingGraph: Finishing = {
  type: 'graph',
  async finish(ctx, id) {
    const { name, isNew } = await finishGraph(ctx.core, { id });
    return { graph_name: name, message: `图 '${name}' ${isNew ? '生成' : '更新'}成功` };
  },
};

const finishingTool: Finishing = {
  type: 'tool',
  async finish(ctx, id) {
    const { name, isNew } = await finishTool(ctx.core, { id });
    return { tool_name: name, message: `MCP工具 '${name}' ${isNew ? '生成' : '更新'}成功，审核并启用后可用` };
  },
};

function isEnd({ requirement }: Body): boolean {
  return /^<end>\s*END\s*<\/end>$/i.test(requirement.trim());
}

async function find(ctx: ApiContext, { conversation_id: conversation, user_id: userId }: Body): Promise<Generation> {
  if (conversation == null || conversation === '') {
    throw new DomainError('invalid', say('inField', { field: 'conversation_id', reason: say('isRequired') }));
  }
  const id = await findNamed(ctx.core, { conversation, ...(userId !== undefined && { userId }) });
  return getGeneration(ctx.core, { id });
}

async function endOf(ctx: ApiContext, body: Body, { type, finish }: Finishing) {
  let stage: FailureType = 'parameter_error';
  async function ended(): Promise<Generated> {
    const { id, externalId, missing, draft, ...generation } = await find(ctx, body);
    const isWhole = missing.length === 0 || generation.type !== type;
    stage = generation.type === type ? 'assembly_error' : 'parameter_error';
    if (isWhole) return { conversation_id: externalId, completion: await finish(ctx, id) };
    const reasons = draft.problems.map(({ tag, reason }) => ` <${tag}>: ${reason}`).join('');
    const message = `缺少必要信息：${missing.join(', ')}${reasons}`;
    return { conversation_id: externalId, incomplete: { message, missing_fields: missing } };
  }
  try {
    const answered = await ended();
    return body.stream ? told({ data: answered }) : answered;
  } catch (error) {
    const isRefused = isDomainError(error) && (error.code === 'forbidden' || error.code === 'unauthenticated');
    if (isRefused || !body.stream) throw error;
    return told(failed(ctx, error, stage));
  }
}

async function* told(event: SseEvent): AsyncGenerator<SseEvent> {
  yield event;
  yield { data: null, text: '[DONE]' };
}
