import { createInterface } from 'node:readline';

/** A stdio server that says what could keep a hub busy: `node upstream-freeze.ts CAUSE`. */

const mb = 1024 * 1024;
function nested(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}
const schema = { type: 'object', properties: { text: { type: 'string', description: 'x'.repeat(200) } } };
function many<Item>(length: number, make: (i: number) => Item): Item[] {
  return Array.from({ length }, (_, i) => make(i));
}
function notification(method: string, params = '{}'): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${params}}`;
}
function content(text: string): string {
  return JSON.stringify({ content: [{ type: 'text', text }] });
}

/** The result of a call, as JSON. */
const results: Readonly<Record<string, () => string>> = {
  deep: () => `{"content":[],"structuredContent":{"a":${nested(8_000)}}}`,
  deepest: () => `{"content":[],"structuredContent":{"a":${nested(8 * mb)}}}`,
  text: () => content('x'.repeat(30 * mb)),
  values: () => `{"content":[],"structuredContent":{"a":[${many(2 * mb, () => '{"a":1}').join(',')}]}}`,
  tokens: () => content('-eyJ'.repeat(2 * mb)),
};

/** Lines that come before the answer to a call. */
const asides: Readonly<Record<string, () => string[]>> = {
  batches: () => many(200, () => `[${many(900, (i) => notification('vendor/unknown', `{"i":${i}}`)).join(',')}]`),
  methods: () => many(20_000, (i) => notification(`vendor/${i}/${'x'.repeat(200)}`)),
  malformed: () => many(50_000, () => '{"jsonrpc":"2.0","method":5}'),
  logs: () =>
    many(20_000, (i) => notification('notifications/message', `{"level":"info","data":"${i} ${'-eyJ'.repeat(50)}"}`)),
  changes: () => many(20_000, () => notification('notifications/tools/list_changed')),
};

/** Results of other methods. */
const lists: Readonly<Record<string, Readonly<Record<string, () => unknown>>>> = {
  tools: { 'tools/list': () => ({ tools: many(20_000, (i) => ({ name: `tool${i}`, inputSchema: schema })) }) },
  templates: {
    'resources/templates/list': () => ({
      resourceTemplates: many(20_000, (i) => ({ name: `t${i}`, uriTemplate: `${'{a}b'.repeat(48)}${i}` })),
    }),
  },
};

const cause = process.argv[2] ?? '';
const capabilities = { tools: { listChanged: true }, resources: {}, logging: {} };

function resultOf(method: string): string {
  const list = lists[cause]?.[method];
  if (list !== undefined) return JSON.stringify(list());
  switch (method) {
    case 'initialize':
      return JSON.stringify({ protocolVersion: '2025-11-25', capabilities, serverInfo: { name: cause, version: '1' } });
    case 'tools/list':
      return JSON.stringify({ tools: [{ name: 'go', inputSchema: { type: 'object' } }] });
    case 'resources/list':
      return '{"resources":[]}';
    case 'resources/templates/list':
      return '{"resourceTemplates":[]}';
    case 'tools/call':
      return results[cause]?.() ?? '{"content":[]}';
    default:
      return '{}';
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line) as { id?: number; method?: string };
  if (id === undefined || method === undefined) continue;
  for (const aside of method === 'tools/call' ? (asides[cause]?.() ?? []) : []) process.stdout.write(`${aside}\n`);
  process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${resultOf(method)}}\n`);
}
