import type { IncomingMessage, ServerResponse } from 'node:http';
import { InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { listen, type Listening } from './node-web.ts';

export interface TaskServer extends Listening {
  url: string;
  /** Ends every task that is under way with this text. */
  finish(text: string): Promise<void>;
}

/** A remote server of the v1 SDK whose tasks live as long as it does: it has no sessions, and whoever names a task gets it. */
export async function serveTasks(name: string): Promise<TaskServer> {
  const store = new InMemoryTaskStore();
  const working = new Set<string>();

  function create(): McpServer {
    const server = new McpServer(
      { name, version: '1.0.0' },
      { capabilities: { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } }, taskStore: store },
    );
    server.experimental.tasks.registerToolTask(
      'work',
      { description: 'Works until it is told to finish', execution: { taskSupport: 'required' } },
      {
        createTask: async (extra) => {
          const task = await extra.taskStore.createTask({ ttl: 600_000 });
          working.add(task.taskId);
          return { task };
        },
        getTask: (extra) => extra.taskStore.getTask(extra.taskId),
        getTaskResult: async (extra) => (await extra.taskStore.getTaskResult(extra.taskId)) as { content: [] },
      },
    );
    return server;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    const server = create();
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  }
  const listening = await listen((request, response) => void serve(request, response));
  return {
    ...listening,
    url: `${listening.origin}/mcp`,
    async finish(text) {
      for (const taskId of working) {
        working.delete(taskId);
        await store.storeTaskResult(taskId, 'completed', { content: [{ type: 'text', text }] });
      }
    },
  };
}
