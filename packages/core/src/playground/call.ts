import { reasonOf } from '@switchboard/mcp-runtime/reasons';
import type { Credential, EndpointSelection, JsonObject } from '@switchboard/mcp-runtime/types';
import { runtimeCredentialOf } from '../access/credential.ts';
import { onSignedOut } from '../access/signed-out.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Run, RunNews, RunTeller } from '../runs/contract.ts';
import type { CallEnd, CallEvent, RunInput } from './schema.ts';

type Teller = RunTeller<'playground.call'>;

/** The code that revision 2025-11-25 shows for a sampling request the user rejects. */
const declinedByUser = -1;
/** The code of JSON-RPC for an internal error. */
const internalError = -32603;

/** The person's refusal, as the server hears it. */
class Declined extends Error {
  override name = 'Declined';
  readonly code = declinedByUser;
}

export interface OpenedServer {
  credential: Credential;
  selection: EndpointSelection;
}

/** How the actor gets at a server; throws where it may not use one of this id. */
export function openedFor(ctx: Ctx, serverId: string): OpenedServer {
  const credential = runtimeCredentialOf(ctx.actor);
  const selection = ctx.hub.selectServer(credential, serverId);
  if (selection) return { credential, selection };
  throw new DomainError('not_found', say('noUsableServer', { id: serverId }));
}

/** The context of a playground call for the runtime. */
export function callBy(ctx: Ctx, opened: OpenedServer, signal: AbortSignal) {
  const { requestId, trace } = ctx;
  return { ...opened, via: 'playground', clientName: 'switchboard-playground', signal, requestId, trace } as const;
}

/** For what asks nobody. */
export function declineAll(): Promise<never> {
  return Promise.reject(new Declined('A list asks nobody.'));
}

/** With a token, so that the server reports progress. */
function paramsOf(input: RunInput, progressToken: string): JsonObject {
  const named =
    input.method === 'resources/read' ? { uri: input.name } : { name: input.name, arguments: input.arguments };
  return { ...named, _meta: { progressToken } };
}

function toError(error: unknown, durationMs: number): CallEnd {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const data: unknown = error instanceof Error ? Reflect.get(error, 'data') : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const known = typeof code === 'number' ? code : internalError;
  return {
    type: 'error',
    code: known,
    message,
    reason: reasonOf(error),
    durationMs,
    ...(data !== undefined && { data }),
  };
}

async function asked({ ask }: Teller, question: { method: string; params: JsonObject }, signal: AbortSignal) {
  const answer = await ask(question, signal);
  if ('declined' in answer) throw new Declined(answer.declined);
  return answer.result;
}

/** Makes the call; it ends with the sign-in or key behind it. */
export async function carryOutCall(ctx: Ctx, opened: OpenedServer, input: RunInput, teller: Teller): Promise<CallEnd> {
  const startedAt = ctx.clock.now();
  const { id, signal, tell } = teller;
  const stopWatching = onSignedOut(ctx, () => ctx.runs.cancel(id));
  try {
    const result = await ctx.hub.runtime.call({
      ...callBy(ctx, opened, signal),
      method: input.method,
      params: paramsOf(input, id),
      onNotification: ({ method, params }) => tell({ type: 'notification', method, params }),
      ask: ({ method, params }, until) => asked(teller, { method, params }, until),
    });
    return { type: 'result', result, durationMs: ctx.clock.now() - startedAt };
  } catch (error) {
    // Given up, or its server is gone: the run says which.
    signal.throwIfAborted();
    return toError(error, ctx.clock.now() - startedAt);
  } finally {
    stopWatching();
  }
}

function endOf({ result, outcome, message, startedAt, endedAt }: Run<'playground.call'>): CallEnd {
  if (result) return result;
  const durationMs = (endedAt ?? startedAt).getTime() - startedAt.getTime();
  const why = outcome === 'cancelled' ? 'The call was given up.' : (message ?? 'The call was interrupted.');
  return { type: 'error', code: internalError, message: why, durationMs };
}

/** The events of a call for followers; `started` where they follow from its beginning. */
export async function* callEvents(
  runId: string,
  isBeginning: boolean,
  news: AsyncIterable<RunNews<'playground.call'>>,
): AsyncGenerator<CallEvent> {
  if (isBeginning) yield { type: 'started', runId };
  for await (const item of news) {
    if (item.type === 'event') yield { ...item.event, seq: item.seq };
    else if (item.type === 'ask') yield { type: 'ask', seq: item.seq, askId: item.askId, ...item.question };
    else if (item.type === 'end') yield endOf(item.run);
    else yield item;
  }
}
