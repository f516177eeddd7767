import { shellQuote } from './command-line.ts';

/** Ready text that connects a client to an endpoint of the hub. Pure: what it says depends only on its input. */

export const clients = [
  'claude-code',
  'claude-desktop',
  'cursor',
  'vscode',
  'windsurf',
  'zed',
  'codex',
  'gemini',
  'claude-ai',
  'chatgpt',
  'curl',
  'stdio',
] as const;
export type ClientId = (typeof clients)[number];

/** Clients that run in the cloud of their maker: they reach the hub over the internet, and only with a sign-in. */
const hosted: readonly ClientId[] = ['claude-ai', 'chatgpt'];
/** Programs that cannot open a browser for a sign-in. */
const keyOnly: readonly ClientId[] = ['claude-desktop', 'curl', 'stdio'];

/** By which credentials a client can come in, the usual one first. */
export function waysOf(client: ClientId): readonly ('sign-in' | 'key')[] {
  if (hosted.includes(client)) return ['sign-in'];
  return keyOnly.includes(client) ? ['key'] : ['sign-in', 'key'];
}

/** Whether the client reaches the hub from elsewhere, however near its person is. */
export function isHosted(client: ClientId): boolean {
  return hosted.includes(client);
}

export const clientNames: Record<ClientId, string> = {
  'claude-code': 'Claude Code',
  'claude-desktop': 'Claude Desktop',
  cursor: 'Cursor',
  vscode: 'VS Code',
  windsurf: 'Windsurf',
  zed: 'Zed',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  'claude-ai': 'claude.ai',
  chatgpt: 'ChatGPT',
  curl: 'curl',
  stdio: 'stdio',
};

export interface Target {
  /** How the client will call it. */
  name: string;
  url: string;
  /** Null where the hub asks for none, or the client signs in. */
  key: string | null;
}

export interface Snippet {
  /** The file it belongs in; null for a command. */
  file: string | null;
  text: string;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function bearer(key: string): string {
  return `Bearer ${key}`;
}

function headersOf(key: string | null): { headers?: Record<string, string> } {
  return key === null ? {} : { headers: { Authorization: bearer(key) } };
}

function bridge({ url, key }: Target) {
  return {
    command: 'node',
    args: ['/path/to/switchboard/scripts/bridge.mjs', '--url', url],
    ...(key === null ? {} : { env: { SWITCHBOARD_KEY: key } }),
  };
}

function claudeCode({ name, url, key }: Target): string {
  const header = key === null ? '' : ` --header ${shellQuote(`Authorization: ${bearer(key)}`)}`;
  return `claude mcp add --transport http ${shellQuote(name)} ${shellQuote(url)}${header}`;
}

function curl({ url, key }: Target): string {
  const body = json({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/list',
    params: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  });
  return [
    `curl ${shellQuote(url)}`,
    ...(key === null ? [] : [`-H ${shellQuote(`Authorization: ${bearer(key)}`)}`]),
    `-H 'Content-Type: application/json'`,
    `-H 'Accept: application/json, text/event-stream'`,
    `-H 'MCP-Protocol-Version: 2026-07-28'`,
    `-H 'Mcp-Method: tools/list'`,
    `-d ${shellQuote(body)}`,
  ].join(' \\\n  ');
}

function codex({ name, url, key }: Target): string {
  const lines = [
    `[mcp_servers.${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}]`,
    `url = ${JSON.stringify(url)}`,
  ];
  if (key !== null) lines.push(`http_headers = { "Authorization" = ${JSON.stringify(bearer(key))} }`);
  return lines.join('\n');
}

export function snippet(client: ClientId, target: Target): Snippet {
  const { name, url, key } = target;
  switch (client) {
    case 'claude-code':
      return { file: null, text: claudeCode(target) };
    case 'claude-desktop':
      return { file: 'claude_desktop_config.json', text: json({ mcpServers: { [name]: bridge(target) } }) };
    case 'cursor':
      return { file: '~/.cursor/mcp.json', text: json({ mcpServers: { [name]: { url, ...headersOf(key) } } }) };
    case 'vscode':
      return {
        file: '.vscode/mcp.json',
        text: json({ servers: { [name]: { type: 'http', url, ...headersOf(key) } } }),
      };
    case 'windsurf':
      return {
        file: '~/.codeium/windsurf/mcp_config.json',
        text: json({ mcpServers: { [name]: { serverUrl: url, ...headersOf(key) } } }),
      };
    case 'zed':
      return {
        file: '~/.config/zed/settings.json',
        text: json({ context_servers: { [name]: { url, ...headersOf(key) } } }),
      };
    case 'codex':
      return { file: '~/.codex/config.toml', text: codex(target) };
    case 'gemini':
      return {
        file: '~/.gemini/settings.json',
        text: json({ mcpServers: { [name]: { httpUrl: url, ...headersOf(key) } } }),
      };
    case 'claude-ai':
    case 'chatgpt':
      return { file: null, text: url };
    case 'curl':
      return { file: null, text: curl(target) };
    case 'stdio': {
      const { command, args } = bridge(target);
      const env = key === null ? '' : `SWITCHBOARD_KEY=${shellQuote(key)} `;
      return { file: null, text: `${env}${[command, ...args].map(shellQuote).join(' ')}` };
    }
  }
}
