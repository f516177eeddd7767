import { randomUUID } from 'node:crypto';
import { createMcpHandler, ProtocolError, Server, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { listenWeb } from '../../support/mcp/node-web.ts';
import { text } from './fixtures.ts';

/** The server that the suite's scenarios of the tasks extension ask for (SEP-2663), in revision 2026-07-28. */

const tasksExtension = 'io.modelcontextprotocol/tasks';

type Json = Record<string, unknown>;

interface Task {
  status: 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';
  createdAt: string;
  lastUpdatedAt: string;
  inputRequests: Json;
  answers: Json;
  /** What `tasks/get` tells of a task that has ended. */
  end: Json;
  /** Goes on once every question is answered. */
  answered(answers: Json): void;
}

interface Tasks {
  create(begin: (task: Task) => void): Json;
  get(id: string): Task;
  tell(id: string): Json;
  settle(task: Task, status: Task['status'], end?: Json): void;
}

function createTasks(): Tasks {
  const tasks = new Map<string, Task>();
  function now(): string {
    return new Date().toISOString();
  }
  function envelope(taskId: string, { status, createdAt, lastUpdatedAt }: Task): Json {
    return {
      taskId,
      status,
      createdAt,
      lastUpdatedAt,
      ttlMs: 600_000,
      pollIntervalMs: 100,
    };
  }
  function get(id: string): Task {
    const task = tasks.get(id);
    if (task === undefined) throw new ProtocolError(-32602, 'Failed to retrieve task: Task not found');
    return task;
  }
  return {
    get,
    create(begin) {
      const taskId = randomUUID();
      const times = { createdAt: now(), lastUpdatedAt: now() };
      function answered(): void {}
      const task: Task = { status: 'working', ...times, inputRequests: {}, answers: {}, end: {}, answered };
      tasks.set(taskId, task);
      begin(task);
      return { resultType: 'task', ...envelope(taskId, { ...task, status: 'working' }) };
    },
    tell(id) {
      const task = get(id);
      const asks = task.status === 'input_required' ? { inputRequests: task.inputRequests } : {};
      return { ...envelope(id, task), ...asks, ...task.end };
    },
    settle(task, status, end = {}) {
      if (!['working', 'input_required'].includes(task.status)) return;
      Object.assign(task, { status, end, lastUpdatedAt: now() });
    },
  };
}

function question(field: string): Json {
  return {
    method: 'elicitation/create',
    params: {
      mode: 'form',
      message: `What is ${field}?`,
      requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } } },
    },
  };
}

function done(words: string): Json {
  return { result: { content: [text(words)] } };
}
function nameIn(answers: unknown): string | undefined {
  return (answers as { user_name?: { content?: { name?: string } } } | undefined)?.user_name?.content?.name;
}

/** What each tool does with a client that knows tasks; null where it answers at once. */
function begin(tasks: Tasks, name: string, args: Json, answers: unknown): ((task: Task) => void) | null {
  function later(task: Task, ms: number, status: Task['status'], end: Json): void {
    void setTimeout(() => tasks.settle(task, status, end), ms).unref();
  }
  function ask(task: Task, inputRequests: Json): void {
    tasks.settle(task, 'input_required');
    task.inputRequests = inputRequests;
    task.answered = () => tasks.settle(task, 'completed', done('Answered'));
  }
  switch (name) {
    case 'slow_compute':
      return (task) => later(task, Number(args['seconds']) * 1000, 'completed', done('Computed'));
    case 'failing_job':
      return (task) => later(task, 100, 'completed', { result: { content: [text('It failed')], isError: true } });
    case 'protocol_error_job':
      return (task) => later(task, 100, 'failed', { error: { code: -32603, message: 'It broke' } });
    case 'confirm_delete':
      return (task) => ask(task, { confirm: question('confirm') });
    case 'multi_input':
      return (task) => ask(task, { first: question('name'), second: question('name') });
    case 'test_tool_with_task':
      return (task) => later(task, 100, 'completed', done(`Hello, ${nameIn(answers)}!`));
    default:
      return null;
  }
}

const names = [
  'greet',
  'slow_compute',
  'failing_job',
  'protocol_error_job',
  'confirm_delete',
  'multi_input',
  'test_tool_with_task',
];
const requireTasks = new Set(['failing_job', 'test_tool_with_task']);

function assertKnows(ctx: ServerContext): void {
  if (knowsTasks(ctx)) return;
  const data = { requiredCapabilities: { extensions: { [tasksExtension]: {} } } };
  throw new ProtocolError(-32021, 'Missing required client capability', data);
}

function knowsTasks(ctx: ServerContext): boolean {
  const capabilities = (ctx.mcpReq.envelope as Json | undefined)?.['io.modelcontextprotocol/clientCapabilities'] as
    | Json
    | undefined;
  return (capabilities?.['extensions'] as Json | undefined)?.[tasksExtension] !== undefined;
}

function call(tasks: Tasks, params: Json, ctx: ServerContext): Json {
  const name = String(params['name']);
  const args = (params['arguments'] as Json | undefined) ?? {};
  if (name === 'greet') return { content: [text(`Hello, ${String(args['name'])}!`)] };
  if (!knowsTasks(ctx) && !requireTasks.has(name)) return { content: [text('Computed at once')] };
  assertKnows(ctx);
  const answers = ctx.mcpReq.inputResponses;
  if (name === 'test_tool_with_task' && nameIn(answers) === undefined) {
    return { resultType: 'input_required', inputRequests: { user_name: question('name') }, requestState: 'round 1' };
  }
  const start = begin(tasks, name, args, answers);
  if (start === null) throw new ProtocolError(-32602, `Unknown tool ${name}`);
  return tasks.create(start);
}

function createServer(tasks: Tasks): Server {
  const server = new Server(
    { name: 'conformance-tasks', version: '1.0.0' },
    { capabilities: { tools: {}, extensions: { [tasksExtension]: {} } } },
  );
  const One = z.looseObject({ taskId: z.string() });
  const inputSchema = { type: 'object' } as const;
  server.setRequestHandler('tools/list', () => ({ tools: names.map((name) => ({ name, inputSchema })) }));
  server.setRequestHandler('tools/call', ({ params }, ctx) => call(tasks, params as Json, ctx) as never);
  server.setRequestHandler('tasks/get', { params: One }, ({ taskId }, ctx) => {
    assertKnows(ctx);
    return tasks.tell(taskId);
  });
  server.setRequestHandler('tasks/cancel', { params: One }, ({ taskId }, ctx) => {
    assertKnows(ctx);
    tasks.settle(tasks.get(taskId), 'cancelled');
    return {};
  });
  server.setRequestHandler('tasks/update', { params: One }, ({ taskId }, ctx) => {
    assertKnows(ctx);
    const task = tasks.get(taskId);
    for (const [key, answer] of Object.entries(ctx.mcpReq.inputResponses ?? {})) {
      if (task.inputRequests[key] === undefined) continue;
      delete task.inputRequests[key];
      task.answers[key] = answer;
      if (Object.keys(task.inputRequests).length === 0) task.answered(task.answers);
    }
    return {};
  });
  return server;
}

/** Serves it on a loopback URL. */
export async function startTasks(): Promise<{ url: string; close(): Promise<void> }> {
  const tasks = createTasks();
  const handler = createMcpHandler(() => createServer(tasks), { legacy: 'reject' });
  const listening = await listenWeb((request) => handler.fetch(request));
  async function close(): Promise<void> {
    await handler.close();
    await listening.close();
  }
  return { url: `${listening.origin}/mcp`, close };
}
