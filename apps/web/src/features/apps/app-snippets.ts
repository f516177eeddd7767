import { shellQuote } from '../../lib/command-line.ts';

export const doors = ['sim', 'bare'] as const;
/** Below `/sim`, or as the documented API has it. */
export type Door = (typeof doors)[number];
export const ways = ['mcp', 'curl', 'python'] as const;
export type Way = (typeof ways)[number];

interface Product {
  category: string;
  name: string;
}

/** What stands for a token that nobody has made yet. */
export const tokenPlaceholder = 'YOUR_TOKEN';

/** The MCP endpoint of a product, as clients are given it. */
export function productUrl(base: string, door: Door, { category, name }: Product, token: string): string {
  const path = door === 'sim' ? `/sim/${category}/${name}` : `/${category}/${name}`;
  return `${base}${path}?token=${encodeURIComponent(token)}`;
}

interface Call {
  /** Null where there is nothing to call yet: its actions are listed. */
  action: string | null;
  arguments: Record<string, unknown>;
}

function messageOf({ action, arguments: given }: Call): Record<string, unknown> {
  const call = { jsonrpc: '2.0', id: 1 };
  return action === null
    ? { ...call, method: 'tools/list' }
    : { ...call, method: 'tools/call', params: { name: action, arguments: given } };
}

/** JSON as Python writes it. */
function python(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  const deeper = `${indent}    `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${value.map((each) => python(each, deeper)).join(', ')}]`;
  }
  if (typeof value === 'object') {
    const lines = Object.entries(value).map(
      ([key, each]) => `${deeper}${JSON.stringify(key)}: ${python(each, deeper)},`,
    );
    return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
  }
  return JSON.stringify(value);
}

/** Ready text for one way to call a product. */
export function appSnippet(way: Way, url: string, name: string, call: Call): string {
  const message = messageOf(call);
  switch (way) {
    case 'mcp':
      return JSON.stringify({ mcpServers: { [name]: { url } } }, null, 2);
    case 'curl':
      return [
        `curl ${shellQuote(url)}`,
        `-H 'Content-Type: application/json'`,
        `-d ${shellQuote(JSON.stringify(message, null, 2))}`,
      ].join(' \\\n  ');
    case 'python':
      return [
        'import requests',
        '',
        `url = ${JSON.stringify(url)}`,
        `message = ${python(message)}`,
        'answer = requests.post(url, json=message, timeout=60)',
        'print(answer.json())',
      ].join('\n');
  }
}
