import { checkUrl, LinkError, type HttpClient } from '@switchboard/mcp-runtime/http';
import { ProviderError } from '../errors.ts';
import type { Chunk, Clock, JsonObject, Model, TurnLimits, TurnOptions } from '../types.ts';
import { createAnswerStream, type AnswerStream } from './answer.ts';
import { endpointOf } from './endpoint.ts';
import { openExchange, type Open, type OpenedAnswer } from './exchange.ts';
import { failuresOf, type Failures } from './failures.ts';
import type { RequestChange, Format, TurnRequest } from './format.ts';
import { headersOf } from './headers.ts';
import { createWatch, type Watch } from './watch.ts';

const defaultLimits: TurnLimits = { firstByteMs: 180_000, idleMs: 60_000, totalMs: 1_800_000, retries: 2 };
/** However long a provider asks to wait. */
const longestWaitMs = 60_000;
const firstWaitMs = 500;
/** How often a provider may stop for a while in one message. */
const mostPauses = 8;

export interface TurnPorts {
  client: HttpClient;
  clock: Clock;
  format: Format;
  /** Names of the concessions that a model is known to want; added to. */
  learnt: Set<string>;
  turnId: string;
}

/** One turn over a format: the request, again where that may help, and the chunks of its answer. */
export async function* runOver(
  ports: TurnPorts,
  model: Model,
  request: TurnRequest,
  signal: AbortSignal,
  options: TurnOptions,
): AsyncGenerator<Chunk, void, undefined> {
  const { clock, format, turnId } = ports;
  const failures = failuresOf(model);
  const limits = limitsOf(model, request.stream);
  let current: Open | null = null;
  let unanswered: Open | null = null;
  let stream: AnswerStream | null = null;
  const watch = createWatch({
    clock,
    limits,
    signal,
    failures,
    stopped() {
      current?.stop();
      stream?.wake();
    },
    awaited: () => stream?.awaited() ?? true,
    lingered: () => stream?.settle(),
  });
  try {
    const url = addressOf(model, format.path, failures);
    const headers = headersOf(model, format.headers(model), true);
    function send(body: JsonObject) {
      current = openExchange(ports, { url, method: 'POST', headers, body: JSON.stringify(body) }, failures);
      unanswered = current;
      return current;
    }
    let body: JsonObject | null = format.body(model, request);
    const reader = format.reader({
      model,
      failures,
      choices: choicesOf(request),
      created: Math.floor(clock.now() / 1000),
      turnId,
    });
    for (let pauses = 0; body !== null; pauses += 1) {
      if (pauses > mostPauses) throw failures.of('protocol', `The provider paused more than ${mostPauses} times.`);
      const { open, answer, sent } = await attempt({ ports, failures, watch, limits, options, send, body });
      unanswered = null;
      stream = createAnswerStream({ open, read: answer.read, type: answer.type, reader, watch, failures, clock });
      yield* stream.chunks();
      stream = null;
      body = reader.goOn?.(sent) ?? null;
    }
  } finally {
    watch.close();
    (unanswered as Open | null)?.stop();
  }
}

function limitsOf(model: Model, stream: boolean): TurnLimits {
  const limits = { ...defaultLimits, ...model.limits };
  // A whole answer has no byte before it is whole.
  return stream ? limits : { ...limits, firstByteMs: limits.totalMs };
}

function choicesOf({ parameters: { n } }: TurnRequest): number {
  return typeof n === 'number' && n > 1 ? n : 1;
}

/** The address of a model; throws ProviderError where the hub may not connect to it. */
export function addressOf(model: Model, path: string, failures: Failures): URL {
  const url = endpointOf(model.protocol, model.baseUrl, path);
  if (url === null) throw failures.of('bad_request', 'Its base URL is none: give one like https://host/v1.');
  try {
    return checkUrl(url.href, { allowPrivate: model.allowPrivate });
  } catch (error) {
    throw failures.of('bad_request', error instanceof LinkError ? error.message : 'Its base URL is none.');
  }
}

interface Attempt {
  ports: TurnPorts;
  failures: Failures;
  watch: Watch;
  limits: TurnLimits;
  options: TurnOptions;
  send: (body: JsonObject) => Open;
  body: JsonObject;
}

type Answered = { open: Open; answer: Extract<OpenedAnswer, { ok: true }>; sent: JsonObject };

/** Sends the request until it is answered: again after a while where that may help, at once where a concession does. */
async function attempt(attempt: Attempt): Promise<Answered> {
  const { ports, failures, watch, limits, options, send } = attempt;
  const left = ports.format.concessions.filter(({ name }) => !ports.learnt.has(name));
  const used = new Set<string>();
  let body = ports.format.concessions
    .filter(({ name }) => ports.learnt.has(name))
    .reduce((given, concession) => concession.change(given), attempt.body);
  let number = 0;
  for (;;) {
    watch.asked();
    const open = send(body);
    const answer = await Promise.race([open.opened, watch.ended]).catch((error: unknown) => asFailure(error, failures));
    if (answer instanceof ProviderError) {
      if (watch.failure() !== null) throw answer;
      await again(answer);
      continue;
    }
    if (answer.ok) {
      // Only what helped is remembered: a refusal may have meant something else.
      for (const name of used) ports.learnt.add(name);
      return { open, answer, sent: body };
    }
    const { refusal } = answer;
    const concession = takeFrom(left, (each) => each.wants(refusal, body));
    if (concession === null) await again(failures.refused(refusal, answer.retryAfterMs));
    else {
      body = concession.change(body, refusal);
      const isUndone = concession.undoes !== undefined && used.delete(concession.undoes);
      if (!isUndone && concession.once !== true) used.add(concession.name);
    }
  }

  async function again(error: ProviderError): Promise<void> {
    number += 1;
    const waitMs = Math.min(longestWaitMs, error.retryAfterMs ?? firstWaitMs * 2 ** (number - 1));
    if (number > limits.retries || !mayHelp(error) || waitMs >= watch.left()) throw error;
    options.retrying?.({ number, waitMs, error });
    await watch.wait(waitMs);
  }
}

function takeFrom(left: RequestChange[], wanted: (concession: RequestChange) => boolean): RequestChange | null {
  const at = left.findIndex(wanted);
  return at === -1 ? null : (left.splice(at, 1)[0] ?? null);
}

function asFailure(error: unknown, failures: Failures): ProviderError {
  return error instanceof ProviderError
    ? error
    : failures.of('unavailable', 'The request could not be sent.', { cause: error });
}

/** Whether the same request may be answered a little later. */
function mayHelp(error: ProviderError): boolean {
  if (error.status === null) return error.code === 'unavailable';
  return error.status === 408 || error.status === 429 || error.status >= 500;
}
