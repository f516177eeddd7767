import type { RunRequest } from '../../lib/calls/run-state.ts';
import { shellQuote } from '../../lib/command-line.ts';

const version = '2026-07-28';

function headerValue(value: string): string {
  // oxlint-disable-next-line no-control-regex -- anything but printable ASCII must be encoded
  if (!/[^\x20-\x7e]/.test(value) && value === value.trim()) return value;
  const bytes = new TextEncoder().encode(value);
  return `=?base64?${btoa(String.fromCodePoint(...bytes))}?=`;
}

/** The same call as one HTTP request of the current protocol revision. */
export function toCurl(request: RunRequest, origin: string, withKey: boolean): string {
  const params =
    request.method === 'resources/read' ? { uri: request.name } : { name: request.name, arguments: request.arguments };
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: request.method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': version,
        'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  };
  const headers = [
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `MCP-Protocol-Version: ${version}`,
    `Mcp-Method: ${request.method}`,
    `Mcp-Name: ${headerValue(request.name)}`,
  ];
  const lines = [
    `curl ${shellQuote(`${origin}/mcp/${request.serverId}`)}`,
    ...(withKey ? ['-H "Authorization: Bearer $SWITCHBOARD_KEY"'] : []),
    ...headers.map((header) => `-H ${shellQuote(header)}`),
    `-d ${shellQuote(JSON.stringify(body))}`,
  ];
  return lines.join(' \\\n  ');
}
