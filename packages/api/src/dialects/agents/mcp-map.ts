import type { z } from 'zod';
import { isObject } from '@switchboard/basics';
import type { CallOutcome } from '@switchboard/core/calls/schema';
import { hasField, type Item, type Server, type ServerKind } from '@switchboard/core/servers/schema';
import type { ConfigEntry, spellings, StatusAnswer, TestToolBody, TestToolAnswer, ToolsAnswer } from './mcp-wire.ts';

type Spelling = (typeof spellings)[number];

/** Kinds that an entry of this configuration can say, by how it is spelt there. */
const kindsBySpelling = {
  stdio: 'stdio',
  sse: 'sse',
  streamable_http: 'streamable-http',
} as const satisfies Record<Spelling, ServerKind>;

const spelt: Readonly<Partial<Record<ServerKind, Spelling>>> = {
  sse: 'sse',
  'streamable-http': 'streamable_http',
};

function spellingOf({ kind, transport }: Server): Spelling {
  return spelt[kind] ?? (transport === 'stdio' ? 'stdio' : 'streamable_http');
}

/** Whether an entry of the configuration can say this kind. */
export function isOfConfig({ kind }: { kind: ServerKind }): boolean {
  return Object.values<ServerKind>(kindsBySpelling).includes(kind);
}

/**
 * Whether an entry of the configuration can represent the server: its kind has a word, and its settings are visible.
 */
export function isConfigurable(server: Server): boolean {
  return server.can.configure && isOfConfig(server);
}

export function toEntry(server: Server): z.infer<typeof ConfigEntry> {
  const { kind, command, args, env, cwd, url, headers, desired, limits } = server;
  return {
    transportType: spellingOf(server),
    ...(command !== null && { command }),
    ...(args.length > 0 && { args }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(cwd !== null && { cwd }),
    ...(url !== null && { url }),
    ...(hasField(kind, 'headers') && Object.keys(headers).length > 0 && { headers }),
    disabled: desired === 'disabled',
    timeout: limits.callTimeoutMs / 1_000,
  };
}

export function isConnected({ status }: Server): boolean {
  return status.phase === 'running';
}

export function toState(server: Server, tools: readonly Item[]): z.infer<typeof StatusAnswer>[string] {
  return {
    connected: isConnected(server),
    init_attempted: server.status.lastStartAt !== null,
    tools: tools.map(({ name }) => name),
    error: isConnected(server) ? null : server.status.error,
    transport_type: spellingOf(server),
  };
}

export function toListedTool({ name, description, definition }: Item): z.infer<typeof ToolsAnswer>[string][number] {
  const schema = definition['inputSchema'];
  return { name, description: description ?? '', input_schema: isObject(schema) ? schema : { type: 'object' } };
}

type ToolTest = z.infer<typeof TestToolBody>;
type Tested = z.infer<typeof TestToolAnswer>;

function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}

export function toTested(asked: ToolTest, { result, durationMs }: CallOutcome): Tested {
  const content = Array.isArray(result['content']) ? (result['content'] as unknown[]) : [];
  const texts = content.flatMap((each) => (isObject(each) && typeof each['text'] === 'string' ? each['text'] : []));
  const text = texts.join('\n');
  const told = { ...asked, execution_time: seconds(durationMs) };
  if (result['isError'] === true) return { status: 'error', ...told, error: text };
  return { status: 'success', ...told, result: texts.length > 0 ? text : (result['structuredContent'] ?? content) };
}

export function toFailed(asked: ToolTest, error: string, durationMs: number): Tested {
  return { status: 'error', ...asked, error, execution_time: seconds(durationMs) };
}
