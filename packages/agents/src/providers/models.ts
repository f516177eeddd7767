import type { HttpClient } from '@switchboard/mcp-runtime/http';
import type { Clock, ListedModel, Model } from '../types.ts';
import { listBytes } from './bounds.ts';
import { openExchange, type Open, type OpenedAnswer } from './exchange.ts';
import { failuresOf, type Failures } from './failures.ts';
import type { Format } from './format.ts';
import { headersOf } from './headers.ts';
import { countIn, objectIn, objectsIn, textIn } from './json.ts';
import { addressOf } from './turn.ts';
import { createWatch } from './watch.ts';

/** A provider with more has them for nobody to choose from. */
const mostModels = 5000;
const limitMs = 20_000;
/** Anthropic gives twenty where nothing else is asked for. */
const pageOfAnthropic = '1000';

export interface ListPorts {
  client: HttpClient;
  clock: Clock;
  format: Format;
}

/** The models that a provider lists. Rejects with ProviderError. */
export async function listModelsOver(ports: ListPorts, model: Model, signal: AbortSignal): Promise<ListedModel[]> {
  const { clock, format } = ports;
  const failures = failuresOf(model);
  const url = addressOf(model, '/models', failures);
  if (model.protocol === 'anthropic') url.searchParams.set('limit', pageOfAnthropic);
  const headers = headersOf(model, format.headers(model), false);
  let open: Open | null = null;
  const limits = { firstByteMs: limitMs, idleMs: limitMs, totalMs: limitMs, retries: 0 };
  const watch = createWatch({
    clock,
    limits,
    signal,
    failures,
    awaited: () => true,
    stopped: () => open?.stop(),
    lingered: () => {},
  });
  try {
    open = openExchange(ports, { url, method: 'GET', headers, body: null }, failures);
    const answer = await Promise.race([open.opened, watch.ended]);
    if (!answer.ok) throw failures.refused(answer.refusal, answer.retryAfterMs);
    return modelsIn(await Promise.race([textOf(answer, open, failures), watch.ended]), failures);
  } finally {
    watch.close();
  }
}

function textOf(answer: Extract<OpenedAnswer, { ok: true }>, open: Open, failures: Failures): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  answer.read({
    data(chunk) {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= listBytes) return;
      open.stop();
      reject(failures.of('protocol', `The list of models is larger than ${listBytes} bytes.`));
    },
    end: () => resolve(Buffer.concat(chunks).toString('utf8')),
    failed: reject,
  });
  return promise;
}

function modelsIn(text: string, failures: Failures): ListedModel[] {
  const body = read(text, failures);
  const outer = objectIn(body);
  if (outer['error'] !== undefined) throw failures.refused(failures.read(null, body));
  const list = [body, outer['data'], outer['models']].find((each) => Array.isArray(each));
  if (list === undefined) throw failures.of('protocol', 'The answer is no list of models.');
  return objectsIn(list)
    .slice(0, mostModels)
    .map((entry) => ({
      id: textIn(entry['id']) || textIn(entry['name']),
      title: textIn(entry['display_name']) || textIn(entry['name']) || textIn(entry['id']),
      ownedBy: textIn(entry['owned_by']) || null,
      created: createdOf(entry),
    }))
    .filter(({ id }) => id !== '' && id.length <= 500)
    .sort((a, b) => a.id.localeCompare(b.id, 'en'));
}

function read(text: string, failures: Failures): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw failures.of('protocol', 'The list of models is no JSON.');
  }
}

/** OpenAI has seconds, Anthropic a date. */
function createdOf(entry: Record<string, unknown>): number | null {
  const seconds = countIn(entry['created']) || Math.floor(Date.parse(textIn(entry['created_at'])) / 1000);
  return seconds > 0 ? seconds : null;
}
