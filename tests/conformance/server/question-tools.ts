import {
  fromJsonSchema,
  type InputRequest,
  inputRequired,
  inputResponse,
  type InputResponseView,
  type McpServer,
} from '@modelcontextprotocol/server';
import { text } from './fixtures.ts';

/**
 * Tools that ask the client something once. Each is written for both eras: a 2026 client gets the question as
 * an input-required result, a 2025 client as a request on the call's own stream.
 */

interface Question<Args> {
  name: string;
  description: string;
  inputSchema?: ReturnType<typeof fromJsonSchema<Args>>;
  ask(args: Args): InputRequest;
  answer(view: InputResponseView): string;
}

function form(message: string, properties: Record<string, unknown>, required: string[] = []): InputRequest {
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } as never },
  };
}

function completed(view: InputResponseView): string {
  return view.kind === 'elicit'
    ? `Elicitation completed: action=${view.action}, content=${JSON.stringify(view.content ?? {})}`
    : 'Elicitation did not happen';
}

function choice(value: string, title: string): { const: string; title: string } {
  return { const: value, title };
}

const defaults = {
  name: { type: 'string', description: 'Full name', default: 'John Doe' },
  age: { type: 'integer', description: 'Age in years', default: 30 },
  score: { type: 'number', description: 'Score', default: 95.5 },
  status: { type: 'string', description: 'Status', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', description: 'Verified', default: true },
};

const options = ['option1', 'option2', 'option3'];
const titled = [choice('value1', 'First Option'), choice('value2', 'Second Option'), choice('value3', 'Third Option')];
const enums = {
  untitledSingle: { type: 'string', description: 'One of three', enum: options },
  titledSingle: { type: 'string', description: 'One of three, with titles', oneOf: titled },
  legacyEnum: {
    type: 'string',
    description: 'One of three, titles beside the values',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: {
    type: 'array',
    description: 'Some of three',
    minItems: 1,
    maxItems: 3,
    items: { type: 'string', enum: options },
  },
  titledMulti: {
    type: 'array',
    description: 'Some of three, with titles',
    minItems: 1,
    maxItems: 3,
    items: { anyOf: [choice('value1', 'First Choice'), choice('value2', 'Second Choice')] },
  },
};

function addQuestion<Args>(server: McpServer, question: Question<Args>): void {
  const { name, description, ask, answer } = question;
  function reply(args: Args, responses: Record<string, unknown> | undefined) {
    const view = inputResponse(responses, 'answer');
    if (view.kind === 'missing') return inputRequired({ inputRequests: { answer: ask(args) } });
    return { content: [text(answer(view))] };
  }
  if (question.inputSchema === undefined) {
    server.registerTool(name, { description }, (ctx) => reply({} as Args, ctx.mcpReq.inputResponses));
  } else {
    server.registerTool(name, { description, inputSchema: question.inputSchema }, (args, ctx) =>
      reply(args, ctx.mcpReq.inputResponses),
    );
  }
}

function stringArgument<Name extends string>(name: Name, description: string) {
  return fromJsonSchema<Record<Name, string>>({
    type: 'object',
    properties: { [name]: { type: 'string', description } },
    required: [name],
  });
}

function sampled(view: InputResponseView): string {
  const content = view.kind === 'sampling' ? view.result.content : undefined;
  const first = Array.isArray(content) ? content[0] : content;
  return first?.type === 'text' ? first.text : JSON.stringify(content ?? null);
}

export function addQuestionTools(server: McpServer): void {
  addQuestion(server, {
    name: 'test_sampling',
    description: 'Asks the client for a completion',
    inputSchema: stringArgument('prompt', 'What to ask the model'),
    ask: ({ prompt }) =>
      inputRequired.createMessage({
        messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
        maxTokens: 100,
      }),
    answer: (view) => `LLM response: ${sampled(view)}`,
  });
  addQuestion(server, {
    name: 'test_elicitation',
    description: 'Asks the user for a name and an address',
    inputSchema: stringArgument('message', 'What to show the user'),
    ask: ({ message }) =>
      form(
        message,
        {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        ['username', 'email'],
      ),
    answer: (view) => `User response: ${completed(view)}`,
  });
  addQuestion(server, {
    name: 'test_elicitation_sep1034_defaults',
    description: 'Asks with a default for each primitive type',
    ask: () => form('Please check these values', defaults),
    answer: completed,
  });
  addQuestion(server, {
    name: 'test_elicitation_sep1330_enums',
    description: 'Asks with each form of choice',
    ask: () => form('Please choose', enums),
    answer: completed,
  });
  addQuestion(server, {
    name: 'test_missing_capability',
    description: 'Needs a client that can sample',
    ask: () =>
      inputRequired.createMessage({
        messages: [{ role: 'user', content: { type: 'text', text: 'Anything' } }],
        maxTokens: 10,
      }),
    answer: sampled,
  });
  addQuestion(server, {
    name: 'test_streaming_elicitation',
    description: 'Asks the user to confirm',
    ask: () => form('Go on?', { ok: { type: 'boolean' } }, ['ok']),
    answer: completed,
  });
}
