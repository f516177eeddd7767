import { isObject } from '@switchboard/basics';
import { createMask, saidIn } from '@switchboard/mcp-runtime/http';
import { ProviderError, type ProviderErrorCode } from '../errors.ts';
import type { JsonObject, Model } from '../types.ts';
import { objectIn, textIn } from './json.ts';

/** Characters of a message. */
const longest = 600;

/** The meaning of an error body in the format's own words. */
export interface Refusal {
  /** The HTTP status, or the one that an error inside an answer stands for; null where it has none. */
  status: number | null;
  /** Words and codes of the provider, in lower case. */
  codes: readonly string[];
  message: string;
}

/** Makes the errors of one model: its name before the message, its secrets removed, a bounded length. */
export interface Failures {
  of(
    code: ProviderErrorCode,
    text: string,
    options?: { status?: number | null; retryAfterMs?: number | null; cause?: unknown },
  ): ProviderError;
  /** Reads an error; the status is null where the error is inside of an answer. */
  read(status: number | null, body: unknown): Refusal;
  /** The error for a refusal of the provider, by its status and words. */
  refused(refusal: Refusal, retryAfterMs?: number | null): ProviderError;
}

const masks = new WeakMap<Model, (text: string, most?: number) => string>();

/** A function that writes `***` for the model's key and the values of its headers. */
function maskOf(model: Model): (text: string, most?: number) => string {
  const known = masks.get(model);
  if (known !== undefined) return known;
  const headers = Object.values(model.extraHeaders ?? {}).flatMap((value) => [value, value.split(' ').at(-1) ?? '']);
  const mask = createMask([model.apiKey ?? '', ...headers]);
  masks.set(model, mask);
  return mask;
}

/** Makes the errors about this model. */
export function failuresOf(model: Model): Failures {
  const mask = maskOf(model);
  const failures: Failures = {
    // Secrets are out before anything is cut: what is left of one would show its beginning.
    read: (status, body) => refusalOf(status, masked(body, mask)),
    of: (code, text, options) => new ProviderError(code, mask(`${model.name}: ${text}`, longest), options),
    refused(refusal, retryAfterMs = null) {
      const { status, message } = refusal;
      const said = message === '' ? '' : ` and says: ${message}`;
      const answer = status === null ? 'The provider reports an error' : `The provider answers ${status}`;
      return failures.of(codeOf(refusal), `${answer}${said}`, { status, retryAfterMs });
    },
  };
  return failures;
}

/** Words by which providers name a kind of error, in their codes and types. */
const byWord: readonly (readonly [ProviderErrorCode, readonly string[]])[] = [
  ['context_too_long', ['context_length_exceeded', 'request_too_large', 'string_above_max_length']],
  ['unauthorized', ['authentication_error', 'permission_error', 'invalid_api_key', 'billing_error']],
  ['rate_limited', ['rate_limit_error', 'rate_limit_exceeded', 'insufficient_quota', 'tokens', 'requests']],
  ['overloaded', ['overloaded_error', 'overloaded', 'engine_overloaded', 'engine_overloaded_error']],
  ['timeout', ['timeout_error']],
  ['bad_request', ['invalid_request_error', 'not_found_error', 'model_not_found', 'bad_request']],
  ['unavailable', ['api_error', 'server_error', 'internal_server_error', 'internal_error']],
];

/** How providers without a code of their own say that a conversation is too long. */
const tooLong = [
  'context length',
  'context window',
  'context size',
  'maximum context',
  'prompt is too long',
  'too many tokens',
  'input is too long',
  'exceeds the maximum number of tokens',
];

function codeOf({ status, codes, message }: Refusal): ProviderErrorCode {
  const text = message.toLowerCase();
  const isRefused = status === null || status === 400 || status === 413 || status === 422;
  if (isRefused && tooLong.some((words) => text.includes(words))) return 'context_too_long';
  const named = byWord.find(([, words]) => codes.some((code) => words.includes(code)))?.[0];
  // A clear status wins over a word: some providers have one word for everything.
  return (status === null ? undefined : byStatus(status, named)) ?? named ?? 'unavailable';
}

function byStatus(status: number, named: ProviderErrorCode | undefined): ProviderErrorCode | undefined {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 429) return named === 'overloaded' ? 'overloaded' : 'rate_limited';
  if (status === 529) return 'overloaded';
  if (status === 413) return 'context_too_long';
  if (status === 408 || status === 504) return 'timeout';
  if (status >= 500) return named === 'overloaded' || status === 503 ? 'overloaded' : 'unavailable';
  if (status >= 400) return named ?? 'bad_request';
  return named;
}

function masked(body: unknown, mask: (text: string) => string): unknown {
  if (typeof body === 'string') return mask(body);
  return JSON.parse(JSON.stringify(body ?? null), (_, value: unknown) =>
    typeof value === 'string' ? mask(value) : value,
  );
}

/** The message of an error that is JSON in one of the known shapes, or a text. */
function refusalOf(status: number | null, body: unknown): Refusal {
  const outer = objectIn(body);
  // OpenAI and Anthropic have an object, Ollama a text, others the fields themselves; some put it into a list.
  const first: unknown = Array.isArray(body) ? objectIn(body[0])['error'] : (outer['error'] ?? body);
  const error: JsonObject = isObject(first) ? first : {};
  const codes = [error['type'], error['code'], outer['type'], outer['code']]
    .filter((each) => typeof each === 'string')
    .map((each) => each.slice(0, 100).toLowerCase());
  const own = [error['code'], error['status'], outer['status']].find((each) => isStatus(each));
  const said = [error['message'], error['detail'], outer['message'], outer['detail']].find(
    (each) => textIn(each) !== '',
  );
  return { status: status ?? (isStatus(own) ? own : null), codes, message: saidIn(said ?? first ?? null) };
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value < 600;
}
