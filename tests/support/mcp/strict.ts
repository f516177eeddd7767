import { Client as V2Client } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  discoverResult,
  initializeResult,
  listResult,
} from '../../../packages/mcp-runtime/src/gateway/calls/results.ts';
import type { View } from '../../../packages/mcp-runtime/src/view.ts';
import type { Json } from './script-types.ts';

/** The official clients with the checks that they make of their own accord, unlike those in `clients.ts`. */
export const strictClients = ['v1', 'v2-legacy', 'v2-modern'] as const;
export type StrictClient = (typeof strictClients)[number];

/** Names as a client understood them. */
export interface Understood {
  tools: string[];
  prompts: string[];
  resources: string[];
  resourceTemplates: string[];
}

const hub = { name: 'hub', version: '1' };
const keys = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
} as const;

function answerTo(view: View, kind: StrictClient, method: string): unknown {
  if (method === 'initialize') return initializeResult(view, hub, '2025-11-25');
  if (method === 'server/discover') return discoverResult(view, hub);
  const key = keys[method as keyof typeof keys];
  return JSON.parse(
    listResult(kind === 'v2-modern' ? 'modern' : 'legacy', key, view.json(key), view.serverInfo ?? hub),
  );
}

/** A transport at whose other end a view answers. */
function wireTo(view: View, kind: StrictClient) {
  const wire = {
    onmessage: undefined as ((message: never) => void) | undefined,
    onclose: undefined as (() => void) | undefined,
    start: async () => {},
    close: async () => wire.onclose?.(),
    async send(message: unknown) {
      const { id, method } = message as { id?: number; method: string };
      if (id === undefined) return;
      const answer = JSON.parse(JSON.stringify({ jsonrpc: '2.0', id, result: answerTo(view, kind, method) })) as never;
      queueMicrotask(() => wire.onmessage?.(answer));
    },
  };
  return wire;
}

export interface StrictLists {
  listTools(): Promise<{ tools: { name: string }[] }>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  listResources(): Promise<{ resources: { uri: string }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>;
}

/** Reads every list with a client that refuses what it does not understand. */
export async function readAll(client: StrictLists): Promise<Understood> {
  const { tools } = await client.listTools();
  const { prompts } = await client.listPrompts();
  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  return {
    tools: tools.map(({ name }) => name),
    prompts: prompts.map(({ name }) => name),
    resources: resources.map(({ uri }) => uri),
    resourceTemplates: resourceTemplates.map(({ uriTemplate }) => uriTemplate),
  };
}

/** What a strict client understands of a view; rejects where it refuses something. */
export async function understood(view: View, kind: StrictClient): Promise<Understood> {
  const client =
    kind === 'v1'
      ? new V1Client({ name: 'strict', version: '1' })
      : new V2Client(
          { name: 'strict', version: '2' },
          { versionNegotiation: { mode: kind === 'v2-modern' ? { pin: '2026-07-28' } : 'legacy' } },
        );
  await client.connect(wireTo(view, kind) as never);
  try {
    return await readAll(client);
  } finally {
    await client.close();
  }
}

/** A definition that is in order, with any field replaced. */
export function goodTool(name: string, over: Json = {}): Json {
  return {
    name,
    description: 'fine',
    inputSchema: { type: 'object' },
    ...over,
  };
}
