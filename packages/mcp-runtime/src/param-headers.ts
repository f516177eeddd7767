import { isObject } from '@switchboard/basics';
import type { JsonObject } from './types.ts';

const sentinel = { start: '=?base64?', end: '?=' };

/** Encodes a header value as SEP-2243 asks: plain where it is safe ASCII, else the base64 sentinel. */
export function encodeHeaderValue(value: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value);
  if (plain && !(value.startsWith(sentinel.start) && value.endsWith(sentinel.end))) return value;
  return `${sentinel.start}${Buffer.from(value, 'utf8').toString('base64')}${sentinel.end}`;
}

/** Reverse of `encodeHeaderValue`; null where the sentinel's base64 is not canonical. */
export function decodeHeaderValue(value: string): string | null {
  if (!(value.startsWith(sentinel.start) && value.endsWith(sentinel.end))) return value;
  const body = value.slice(sentinel.start.length, -sentinel.end.length);
  const decoded = Buffer.from(body, 'base64');
  return decoded.toString('base64') === body ? decoded.toString('utf8') : null;
}

function collect(schema: unknown, values: unknown, into: Record<string, string>): void {
  if (!isObject(schema) || !isObject(schema['properties']) || !isObject(values)) return;
  for (const [key, property] of Object.entries(schema['properties'])) {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (!isObject(property) || value === undefined || value === null) continue;
    const header = property['x-mcp-header'];
    if (typeof header === 'string' && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(header)) {
      if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
        into[`mcp-param-${header.toLowerCase()}`] = encodeHeaderValue(String(value));
      }
    }
    collect(property, value, into);
  }
}

/** `Mcp-Param-*` headers a 2026-07-28 server expects with a call, from the tool's `x-mcp-header` marks (SEP-2243). */
export function paramHeaders(inputSchema: unknown, args: JsonObject | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  collect(inputSchema, args ?? {}, headers);
  return headers;
}

const nameFields: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** The body field that `Mcp-Name` mirrors for a method, with its value; null where the method has none. */
export function nameSource(
  method: string,
  params: JsonObject | undefined,
): { field: string; value: string | null } | null {
  const field = Object.hasOwn(nameFields, method) ? nameFields[method] : undefined;
  if (field === undefined) return null;
  const value = params?.[field];
  return { field, value: typeof value === 'string' ? value : null };
}

/** Routing headers of one 2026-07-28 request. */
export function routingHeaders(
  version: string,
  method: string,
  params: JsonObject | undefined,
): Record<string, string> {
  const headers: Record<string, string> = { 'mcp-protocol-version': version, 'mcp-method': method };
  const name = nameSource(method, params)?.value;
  if (name !== null && name !== undefined) headers['mcp-name'] = encodeHeaderValue(name);
  return headers;
}
