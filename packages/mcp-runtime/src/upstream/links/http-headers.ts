import { validateHeaderName, validateHeaderValue } from 'node:http';
import { LinkError, type SendOptions } from '../link.ts';

/** Headers that describe the connection or the body and are therefore never the owner's to set. */
const ours = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'last-event-id',
  'mcp-session-id',
  'te',
  'trailer',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
]);

/** The owner's headers as a flat list; throws LinkError where HTTP does not allow one. */
export function configuredHeaders(headers: Readonly<Record<string, string>>): string[] {
  const flat: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (ours.has(name.toLowerCase())) continue;
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new LinkError('protocol', `The header "${name}" or its value holds characters that HTTP does not allow.`);
    }
    flat.push(name.toLowerCase(), value);
  }
  return flat;
}

export interface HeaderSet {
  /** Name, value, name, value. */
  headers: readonly string[];
  publicHeaders: readonly string[];
}

/** Joins what the protocol needs with the owner's headers. */
export function headerSet(protocol: readonly string[], configured: readonly string[]): HeaderSet {
  const agent = configured.includes('user-agent') ? [] : ['user-agent', 'switchboard'];
  const publicHeaders = [...protocol, ...agent];
  return { headers: [...publicHeaders, ...configured], publicHeaders };
}

/** The headers of one message: those of every message, its own, and the trace that it belongs to. */
export function messageHeaders(set: HeaderSet, { headers, trace }: Pick<SendOptions, 'headers' | 'trace'>): HeaderSet {
  const own = headers === undefined ? set : withHeaders(set, headers);
  if (trace === undefined) return own;
  const { traceparent, tracestate } = trace;
  const added = ['traceparent', traceparent, ...(tracestate === null ? [] : ['tracestate', tracestate])];
  return { headers: [...own.headers, ...added], publicHeaders: [...own.publicHeaders, ...added] };
}

/** Adds the headers of one message, which win over those of every message. */
export function withHeaders(set: HeaderSet, extra: Readonly<Record<string, string>>): HeaderSet {
  const names = new Set(Object.keys(extra).map((name) => name.toLowerCase()));
  const added = Object.entries(extra).flat();
  return { headers: without(set.headers, names, added), publicHeaders: without(set.publicHeaders, names, added) };
}

function without(flat: readonly string[], names: ReadonlySet<string>, start: readonly string[]): string[] {
  return [...start, ...flat.filter((_, index) => !names.has(flat[index - (index % 2)] ?? ''))];
}
