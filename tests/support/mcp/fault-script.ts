import type { Json } from './script-types.ts';

/** What the faulty servers say while they behave; shared by the stdio and the HTTP one. No SDK: it would not misbehave. */

export const startFaults = ['none', 'hang-start', 'hang-list', 'crash-start', 'stderr-flood', 'garbage'] as const;
export type StartFault = (typeof startFaults)[number];

/** Tools that misbehave when called. */
export const callFaults = [
  'hang',
  'crash',
  'wrong_id',
  'huge',
  'endless',
  'garbage',
  'duplicate',
  'not_json_rpc',
] as const;

export interface Incoming {
  id?: string | number;
  method?: string;
  params?: Json;
}

export function result(id: unknown, value: Json): Json {
  return { jsonrpc: '2.0', id, result: value };
}

export function textResult(text: string): Json {
  return { content: [{ type: 'text', text }] };
}

export const hugeBytes = 50_000_000;

function tool(name: string): Json {
  return {
    name,
    description: `Tool ${name}`,
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  };
}

/** The answer of a well-behaved moment, or null where there is none to give. */
export function politeAnswer({ id, method, params }: Incoming, extraTools: string[] = []): Json | null {
  if (id === undefined) return null;
  switch (method) {
    case 'initialize':
      return result(id, {
        protocolVersion: params?.['protocolVersion'] ?? '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'faulty', version: '1.0.0' },
      });
    case 'ping':
      return result(id, {});
    case 'tools/list':
      return result(id, { tools: ['echo', ...callFaults, ...extraTools].map(tool) });
    case 'tools/call':
      return result(id, textResult(String((params?.['arguments'] as Json | undefined)?.['text'] ?? '')));
    default:
      return { jsonrpc: '2.0', id, error: { code: -32601, message: `Method not found: ${String(method)}` } };
  }
}
