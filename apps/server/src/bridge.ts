import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { JsonRpcMessage } from '@switchboard/mcp-runtime/types';
import { createRelay } from './bridge/relay.ts';

/** For MCP clients that only speak stdio: relays their messages to an endpoint of the hub. */

const usage = `Usage: bridge --url http://localhost:3000/mcp[/server] [--key sbk_…] [--header "Name: value"]…
The key may also be given as SWITCHBOARD_KEY, the URL as SWITCHBOARD_URL.`;

function stop(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

function readOptions(env: Readonly<Record<string, string | undefined>>) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      key: { type: 'string' },
      header: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
  if (values.help) stop(usage);
  const url = values.url ?? env['SWITCHBOARD_URL'] ?? '';
  if (!URL.canParse(url)) stop(usage);
  const key = values.key ?? env['SWITCHBOARD_KEY'];
  const given = (values.header ?? []).map((header) => {
    const at = header.indexOf(':');
    return [header.slice(0, at).trim(), header.slice(at + 1).trim()];
  });
  return { url, headers: { ...(key && { authorization: `Bearer ${key}` }), ...Object.fromEntries(given) } };
}

function parseLine(line: string): JsonRpcMessage | null {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? (message as JsonRpcMessage) : null;
  } catch {
    return null;
  }
}

async function main(): Promise<void> {
  // oxlint-disable-next-line node/no-process-env -- a program of its own, not part of the hub
  const options = readOptions(process.env);
  function warn(text: string) {
    return process.stderr.write(`${text}\n`);
  }
  function write(message: JsonRpcMessage) {
    return process.stdout.write(`${JSON.stringify(message)}\n`);
  }
  const relay = createRelay({ ...options, write, warn });
  let ended: Promise<void> | null = null;
  function end() {
    ended ??= relay.close().then(() => process.exit(0));
  }
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.stdout.once('error', end);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    const message = parseLine(line);
    if (message) relay.receive(message);
    else write({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'This line is not a JSON-RPC message.' } });
  });
  lines.once('close', end);
}

main().catch((error: unknown) => stop(error instanceof Error ? error.message : String(error)));
