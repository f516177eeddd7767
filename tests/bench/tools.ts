/** The tool table and the echo of the SDK-free servers that the bench measures against. */

export type Json = Record<string, unknown>;

function filler(index: number): Json {
  return {
    name: `lookup_${String(index).padStart(4, '0')}`,
    title: `Look up record kind ${index}`,
    description: `Finds records of kind ${index} in the example system by owner, state and age. Results come newest first; at most "limit" of them are returned.`,
    inputSchema: {
      type: 'object',
      properties: {
        owner: { type: 'string', description: 'Login of the person the record belongs to' },
        state: { type: 'string', enum: ['open', 'closed', 'any'], description: 'Which records to look at' },
        olderThanDays: { type: 'integer', minimum: 0, description: 'Leaves out records younger than this' },
        limit: { type: 'integer', minimum: 1, maximum: 100, description: 'Most records to return' },
      },
      required: ['owner'],
    },
  };
}

const echo: Json = {
  name: 'echo',
  description: 'Returns the text it was given.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};

/** `echo` and so many other tools of usual size that there are `count` in all. */
export function toolTable(count: number): Json[] {
  return [echo, ...Array.from({ length: count - 1 }, (_, index) => filler(index + 1))];
}

interface Message {
  id?: unknown;
  method?: string;
  params?: Json;
}

/** Answers one message of a 2025 client; null where there is nothing to answer. */
export function answer({ id, method, params }: Message, tools: readonly Json[]): Json | null {
  if (id === undefined) return null;
  function result(value: Json): Json {
    return { jsonrpc: '2.0', id, result: value };
  }
  switch (method) {
    case 'tools/call': {
      const text = (params?.['arguments'] as { text?: string } | undefined)?.text ?? '';
      return result({ content: [{ type: 'text', text }] });
    }
    case 'tools/list':
      return result({ tools });
    case 'initialize':
      return result({
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'bare', version: '1' },
      });
    case 'ping':
      return result({});
    default:
      return { jsonrpc: '2.0', id, error: { code: -32601, message: `Method not found: ${method ?? ''}` } };
  }
}
