import { createInterface } from 'node:readline';

/** A server on pipes that answers as its first argument says, in JSON: by method, its result. Calls are echoed. */

const answers = JSON.parse(process.argv[2] ?? '{}') as Record<string, unknown>;

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as { id?: unknown; method: string; params?: Record<string, unknown> };
  if (id === undefined) continue;
  const known = Object.hasOwn(answers, method) ? answers[method] : undefined;
  const call = method === 'tools/call' ? { content: [{ type: 'text', text: JSON.stringify(params) }] } : undefined;
  const result = known ?? call;
  const reply = result === undefined ? { error: { code: -32601, message: `Method not found: ${method}` } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...reply })}\n`);
}
