import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ProviderError } from '../errors.ts';
import type { Model } from '../types.ts';

/** Headers that a model's settings may add; whatever describes the connection, the body or this hub is not among them. */
const allowedNames = new Set([
  'accept-language',
  'anthropic-beta',
  'anthropic-version',
  'api-key',
  'authorization',
  'http-referer',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'user-agent',
]);
const allowedPrefixes = ['x-', 'cf-aig-', 'helicone-'];
/** Headers from which proxies conclude who the client is. */
const forged = ['x-forwarded-', 'x-real-ip', 'x-switchboard-'];

/** Whether a model's settings may add this header. */
export function headerAllowed(name: string): boolean {
  const lower = name.toLowerCase();
  if (forged.some((start) => lower.startsWith(start))) return false;
  return allowedNames.has(lower) || allowedPrefixes.some((start) => lower.startsWith(start));
}

/** The headers of one request as a flat list: those of the format, then the model's own, which win. */
export function headersOf(model: Model, format: Readonly<Record<string, string>>, body: boolean): string[] {
  const sent = new Map<string, string>([
    ['accept', 'text/event-stream, application/json'],
    ['user-agent', 'switchboard'],
    ...(body ? [['content-type', 'application/json'] as const] : []),
    ...Object.entries(format),
  ]);
  for (const [name, value] of Object.entries(model.extraHeaders ?? {})) {
    if (headerAllowed(name)) sent.set(name.toLowerCase(), value);
  }
  for (const [name, value] of sent) checkHeader(name, value);
  return [...sent].flat();
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    // The error of Node.js shows the value.
    throw new ProviderError(
      'bad_request',
      `The header "${name.slice(0, 60)}" holds characters that HTTP does not allow.`,
    );
  }
}
