import { type McpRequestContext, McpServer, type Server } from '@modelcontextprotocol/server';
import { addContentTools, addStreamingTools } from './content-tools.ts';
import { text } from './fixtures.ts';
import { addInputRequiredTools, createStateCodec } from './input-required.ts';
import { addPrompts, addResources } from './offers.ts';
import { addQuestionTools } from './question-tools.ts';

export interface Changes {
  toolsChanged(): void;
  promptsChanged(): void;
}

export interface Reference {
  /** A fresh server for one connection (2025) or one request (2026). */
  create(context: Pick<McpRequestContext, 'era'>): McpServer;
  /** Told when a 2025 connection has ended. */
  forget(server: Server): void;
}

interface Switches {
  tool(on: boolean): void;
  prompt(on: boolean): void;
}

/**
 * The reference server: what `@modelcontextprotocol/conformance` expects of a server, in both eras.
 * Two tools change the lists for everybody; `changes` tells the listeners of the 2026 era. `pinned` where a server of
 * that era lives as long as its connection (stdio).
 */
export function createReference(changes: Changes, { pinned = false } = {}): Reference {
  const codec = createStateCodec();
  /** Open connections: they hear of changes by themselves. */
  const connected = new Map<Server, Switches>();
  const extra = { tool: false, prompt: false };

  function offerExtras(server: McpServer): Switches {
    const tool = server.registerTool('test_extra_tool', { description: 'Comes and goes' }, () => ({
      content: [text('Here for now')],
    }));
    const prompt = server.registerPrompt('test_extra_prompt', { description: 'Comes and goes' }, () => ({
      messages: [{ role: 'user', content: { type: 'text', text: 'Here for now' } }],
    }));
    if (!extra.tool) tool.disable();
    if (!extra.prompt) prompt.disable();
    return {
      tool: (on) => (on ? tool.enable() : tool.disable()),
      prompt: (on) => (on ? prompt.enable() : prompt.disable()),
    };
  }

  function addTriggers(server: McpServer): void {
    server.registerTool('test_trigger_tool_change', { description: 'Adds or removes a tool' }, () => {
      extra.tool = !extra.tool;
      for (const other of connected.values()) other.tool(extra.tool);
      changes.toolsChanged();
      return { content: [text(`test_extra_tool is ${extra.tool ? 'there' : 'gone'}`)] };
    });
    server.registerTool('test_trigger_prompt_change', { description: 'Adds or removes a prompt' }, () => {
      extra.prompt = !extra.prompt;
      for (const other of connected.values()) other.prompt(extra.prompt);
      changes.promptsChanged();
      return { content: [text(`test_extra_prompt is ${extra.prompt ? 'there' : 'gone'}`)] };
    });
  }

  return {
    create: ({ era }) => {
      const server = new McpServer(
        { name: 'conformance-reference', title: 'Conformance reference', version: '1.0.0' },
        {
          instructions: 'Serves what the conformance suite asks for.',
          capabilities: {
            logging: {},
            completions: {},
            tools: { listChanged: true },
            prompts: { listChanged: true },
            resources: { listChanged: true, subscribe: true },
          },
          cacheHints: { 'tools/list': { ttlMs: 1000, cacheScope: 'public' } },
          requestState: { verify: codec.verify },
        },
      );
      addContentTools(server);
      addStreamingTools(server);
      addQuestionTools(server);
      addInputRequiredTools(server, codec);
      addResources(server);
      addPrompts(server);
      addTriggers(server);
      const switches = offerExtras(server);
      if (era === 'legacy' || pinned) connected.set(server.server, switches);
      if (era === 'legacy') {
        server.server.setRequestHandler('resources/subscribe', () => ({}));
        server.server.setRequestHandler('resources/unsubscribe', () => ({}));
      }
      return server;
    },
    forget: (server) => {
      connected.delete(server);
    },
  };
}
