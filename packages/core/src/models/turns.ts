import type {
  Chunk,
  Message,
  Model as ProviderModel,
  Parameters,
  Tool,
  TurnLimits,
  TurnOptions,
} from '@switchboard/agents';
import type { modelTurnOutcomes } from '@switchboard/db/words';
import type { SpanFacts, SpanStart } from '@switchboard/mcp-runtime/types';
import { userIdOf, keyIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { tellFailure } from '../database-away.ts';
import { beginSpan, failureKind } from '../spans.ts';
import { budgetsOf } from './budget-check.ts';
import { costOf, createMeter, estimateTurn, type TokenUse } from './estimate.ts';
import { openHeaders, openKey, requireModel } from './queries.ts';
import type { ModelRow } from './rows.ts';
import type { ModelWay } from './schema.ts';
import { closeTurn, openTurn, type OpenTurn } from './usage.ts';
import { spokenTo } from './view.ts';

/** The request of a turn to a model. */
export interface TurnRequest {
  /** Name or id. */
  model: string;
  messages: readonly Message[];
  tools?: readonly Tool[];
  /** Win over the settings of the model. */
  parameters?: Parameters;
  stream?: boolean;
  way: ModelWay;
  /** Narrower than the usual ones. */
  limits?: Partial<TurnLimits>;
  /** Ends the turn; default: with the request. */
  signal?: AbortSignal;
  retrying?: TurnOptions['retrying'];
}

/** A turn that may begin. Its use is stored when its chunks have been read, or reading ended. */
export interface ModelTurn {
  model: { id: string; name: string; toolProtocol: ModelRow['toolProtocol']; contextWindow: number | null };
  /** To be read once; throws ProviderError. */
  chunks: AsyncIterable<Chunk>;
  /** The use so far; final when all chunks were read. */
  used(): TokenUse;
  /** The cost of that by the prices of the model. */
  cost(): number;
}

/** A turn that takes longer than the longest lets go of what it has set aside. */
const longestTurnMs = 3_600_000;

/** The connection data of a stored model with its secrets decrypted: for the request to it, and nothing else. */
export function toProviderModel(ctx: Ctx, row: ModelRow): ProviderModel {
  const { stream: _stream, ...defaults } = row.options;
  const key = openKey(ctx.secrets, row);
  return {
    name: row.name,
    protocol: spokenTo(row),
    baseUrl: row.baseUrl,
    apiKey: key,
    model: row.model,
    defaults,
    extraBody: row.extraBody,
    extraHeaders: openHeaders(ctx.secrets, row),
    allowPrivate: row.allowPrivate || ctx.policy.allowPrivateUrls,
    abilities: { tools: row.tools, images: row.images, reasoning: row.reasoning },
    ...(row.timeoutMs !== null && { limits: { totalMs: row.timeoutMs } }),
  };
}

/**
 * The one way the hub takes a turn of a model for an actor. Rights and budgets are asked before it begins, so a refusal
 * is thrown here; what the provider refuses is thrown while the chunks are read. Not inside a transaction.
 */
export async function takeTurn(ctx: Ctx, request: TurnRequest): Promise<ModelTurn> {
  const row = await requireModel(ctx, request.model, 'model.use');
  const spender = { userId: userIdOf(ctx.actor), keyId: keyIdOf(ctx.actor) };
  const now = ctx.clock.now();
  const { messages, tools = [], parameters = {} } = request;
  const sent = [messages, tools];
  const turn = await openTurn(
    ctx.db,
    { ...spender, row, way: request.way, startedAt: now, reservedUntil: now + (row.timeoutMs ?? longestTurnMs) },
    await budgetsOf(ctx.db, spender),
    () => estimateTurn(sent, { ...row.options, ...parameters }),
  );
  const meter = createMeter();
  return {
    model: { id: row.id, name: row.name, toolProtocol: row.toolProtocol, contextWindow: row.contextWindow },
    chunks: readTurn(ctx, turn, request, meter),
    used: () => meter.used(sent),
    cost: () => costOf(row, meter.used(sent)),
  };
}

/** A turn as a span: which model, never what is said to it. */
function spanOf(row: ModelRow, stream: boolean): SpanStart {
  const facts = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': spokenTo(row),
    'gen_ai.request.model': row.model,
    'gen_ai.request.stream': stream,
    'switchboard.model': row.name,
  };
  return { name: `chat ${row.name}`, kind: 'client', facts };
}

function factsOf({ tokensIn, tokensOut }: TokenUse, firstTokenMs: number | null): SpanFacts {
  return {
    'gen_ai.usage.input_tokens': tokensIn,
    'gen_ai.usage.output_tokens': tokensOut,
    ...(firstTokenMs !== null && { 'gen_ai.response.time_to_first_chunk': firstTokenMs / 1000 }),
  };
}

async function* readTurn(
  ctx: Ctx,
  turn: OpenTurn,
  { messages, tools = [], parameters, stream, limits, signal = ctx.signal, retrying }: TurnRequest,
  meter: ReturnType<typeof createMeter>,
): AsyncGenerator<Chunk> {
  const elapsed = ctx.clock.elapsed ?? ctx.clock.now;
  const begun = elapsed();
  let firstTokenMs: number | null = null;
  // A reader that leaves early has cancelled it.
  let outcome: (typeof modelTurnOutcomes)[number] = 'cancelled';
  let failure: string | null = 'cancelled';
  const span = beginSpan(ctx, spanOf(turn.row, stream ?? true));
  try {
    const model = toProviderModel(ctx, turn.row);
    const bounded = { ...model, limits: { ...model.limits, ...limits } };
    const chunks = ctx.models.providers.runTurn(bounded, messages, tools, signal, {
      ...(parameters && { parameters }),
      ...(stream !== undefined && { stream }),
      ...(retrying && { retrying }),
    });
    for await (const chunk of chunks) {
      firstTokenMs ??= Math.round(elapsed() - begun);
      meter.add(chunk);
      yield chunk;
    }
    outcome = 'ok';
    failure = null;
  } catch (error) {
    if (!signal.aborted) {
      outcome = 'error';
      failure = failureKind(error);
    }
    throw error;
  } finally {
    const used = meter.used([messages, tools]);
    const end = { endedAt: ctx.clock.now(), outcome, firstTokenMs, used };
    if (span?.isKept === true) span.say(factsOf(used, firstTokenMs));
    span?.end(failure);
    await closeTurn(ctx.db, turn, end).catch((error: unknown) => {
      tellFailure(ctx.log, 'warn', error, 'What a turn of a model used was not stored');
    });
  }
}
