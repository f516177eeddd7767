import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequest,
  inputRequired,
  inputResponse,
  type InputRequiredResult,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { text } from './fixtures.ts';

/** Tools and one prompt that answer with input-required results of every form: alone, several, in rounds, with state. */

export interface FlowState {
  step: string;
  name?: string;
}

/** Seals what a call has to remember between its rounds; the key lives as long as the process. */
export function createStateCodec(): RequestStateCodec<FlowState> {
  return createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)), ttlSeconds: 300 });
}

function field(message: string, name: string, type: 'string' | 'boolean'): InputRequest {
  const property = type === 'string' ? { type: 'string' as const } : { type: 'boolean' as const };
  return inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: property }, required: [name] },
  });
}

function sample(prompt: string, maxTokens: number): InputRequest {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens,
  });
}

function accepted(ctx: ServerContext, key: string, name: string): string | undefined {
  const value = acceptedContent(ctx.mcpReq.inputResponses, key)?.[name];
  return typeof value === 'string' ? value : undefined;
}

function addSingle(server: McpServer): void {
  server.registerTool(
    'test_input_required_result_elicitation',
    { description: 'Asks for a name and greets' },
    (ctx): InputRequiredResult | { content: ReturnType<typeof text>[] } => {
      const name = accepted(ctx, 'user_name', 'name');
      if (name !== undefined) return { content: [text(`Hello, ${name}!`)] };
      return inputRequired({ inputRequests: { user_name: field('What is your name?', 'name', 'string') } });
    },
  );
  server.registerTool(
    'test_input_required_result_sampling',
    { description: 'Asks the model for the capital of France' },
    (ctx) => {
      const view = inputResponse(ctx.mcpReq.inputResponses, 'capital_question');
      if (view.kind === 'sampling') return { content: [text(JSON.stringify(view.result.content))] };
      return inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } });
    },
  );
  server.registerTool('test_input_required_result_list_roots', { description: 'Asks for the roots' }, (ctx) => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
    if (view.kind === 'roots') return { content: [text(`Roots: ${view.roots.map((root) => root.uri).join(', ')}`)] };
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
}

function addWithState(server: McpServer, codec: RequestStateCodec<FlowState>): void {
  for (const name of ['test_input_required_result_request_state', 'test_input_required_result_tampered_state']) {
    server.registerTool(name, { description: 'Asks to confirm and checks the state it gave out' }, async (ctx) => {
      const state = ctx.mcpReq.requestState<FlowState>();
      const view = inputResponse(ctx.mcpReq.inputResponses, 'confirm');
      if (state?.step === name && view.kind === 'elicit') return { content: [text(`state-ok: ${view.action}`)] };
      return inputRequired({
        inputRequests: { confirm: field('Please confirm', 'ok', 'boolean') },
        requestState: await codec.mint({ step: name }, ctx),
      });
    });
  }
  server.registerTool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks the user, the model and the client at once' },
    async (ctx) => {
      const name = accepted(ctx, 'user_name', 'name');
      const greeting = inputResponse(ctx.mcpReq.inputResponses, 'greeting');
      const roots = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
      if (name !== undefined && greeting.kind === 'sampling' && roots.kind === 'roots') {
        return { content: [text(`${name}: ${JSON.stringify(greeting.result.content)}, ${roots.roots.length} roots`)] };
      }
      return inputRequired({
        inputRequests: {
          user_name: field('What is your name?', 'name', 'string'),
          greeting: sample('Generate a greeting', 50),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await codec.mint({ step: 'multiple' }, ctx),
      });
    },
  );
}

function addRounds(server: McpServer, codec: RequestStateCodec<FlowState>): void {
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks for a name, then for a colour' },
    async (ctx) => {
      const state = ctx.mcpReq.requestState<FlowState>();
      const name = accepted(ctx, 'step1', 'name');
      const color = accepted(ctx, 'step2', 'color');
      if (state?.step === 'second' && color !== undefined) {
        return { content: [text(`${state.name ?? 'Somebody'} likes ${color}`)] };
      }
      if (state?.step === 'first' && name !== undefined) {
        return inputRequired({
          inputRequests: { step2: field('Step 2: What is your favorite color?', 'color', 'string') },
          requestState: await codec.mint({ step: 'second', name }, ctx),
        });
      }
      return inputRequired({
        inputRequests: { step1: field('Step 1: What is your name?', 'name', 'string') },
        requestState: await codec.mint({ step: 'first' }, ctx),
      });
    },
  );
}

function addByCapability(server: McpServer): void {
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks only what the client says it can answer' },
    (ctx) => {
      const answered = Object.keys(ctx.mcpReq.inputResponses ?? {});
      if (answered.length > 0) return { content: [text(`Answered: ${answered.join(', ')}`)] };
      const envelope = ctx.mcpReq.envelope as Record<string, ClientCapabilities> | undefined;
      const said = envelope?.[CLIENT_CAPABILITIES_META_KEY];
      const can = said ?? server.server.getClientCapabilities();
      const inputRequests: Record<string, InputRequest> = {};
      if (can?.elicitation !== undefined) inputRequests['name'] = field('What is your name?', 'name', 'string');
      if (can?.sampling !== undefined) inputRequests['greeting'] = sample('Generate a greeting', 50);
      if (can?.roots !== undefined) inputRequests['roots'] = inputRequired.listRoots();
      if (Object.keys(inputRequests).length === 0) return { content: [text('This client cannot be asked anything')] };
      return inputRequired({ inputRequests });
    },
  );
}

export function addInputRequiredTools(server: McpServer, codec: RequestStateCodec<FlowState>): void {
  addSingle(server);
  addWithState(server, codec);
  addRounds(server, codec);
  addByCapability(server);
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'A prompt that asks for its context first' },
    (ctx) => {
      const context = accepted(ctx, 'user_context', 'context');
      if (context === undefined) {
        return inputRequired({
          inputRequests: { user_context: field('What context should the prompt use?', 'context', 'string') },
        });
      }
      return { messages: [{ role: 'user', content: { type: 'text', text: `Use this context: ${context}` } }] };
    },
  );
}
