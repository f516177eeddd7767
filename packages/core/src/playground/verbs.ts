import type { JsonObject } from '@switchboard/mcp-runtime/types';
import { whileSignedIn } from '../access/signed-out.ts';
import { translateRpcError } from '../calls/rpc-error.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { absentRun } from '../runs/absent.ts';
import { isOwnedBy, ownerOf } from '../runs/live.ts';
import { getServer } from '../servers/verbs.ts';
import { verb } from '../verb.ts';
import { callBy, callEvents, carryOutCall, declineAll, openedFor } from './call.ts';
import {
  AnswerInput,
  CallRef,
  FollowCall,
  OfServer,
  OpenRunInput,
  RunInput,
  type CallEvent,
  type OfferedTool,
} from './schema.ts';

const kinds = ['playground.call'] as const;

/** A call is visible only to the person who started it. */
function requireOwn(ctx: Ctx, runId: string): void {
  const kept = ctx.runs.find(runId, kinds);
  if (!kept || !isOwnedBy(kept, ownerOf(ctx.actor))) throw absentRun(runId);
}

/** Keeps what is to be called for a minute; its id calls it once. */
export const holdCall = verb(
  { name: 'server.use', access: 'read', input: RunInput },
  async (ctx, input): Promise<{ heldId: string }> => {
    const bytes = Buffer.byteLength(JSON.stringify(input));
    return { heldId: ctx.hub.held.add({ ...ownerOf(ctx.actor), thing: input, bytes }) };
  },
);

function inputOf(ctx: Ctx, input: OpenRunInput): RunInput {
  if (!('heldId' in input)) return input;
  const found = ctx.hub.held.take(input.heldId, ownerOf(ctx.actor).credential);
  if (found) return found;
  throw new DomainError('not_found', say('nothingHeld'));
}

/** Ends with the sign-in, whether what is called does or not. */
function follow(ctx: Ctx, runId: string, after: number): AsyncGenerator<CallEvent> {
  return whileSignedIn(ctx, (signal) =>
    callEvents(runId, after === 0, ctx.runs.follow(runId, kinds, { after, signal })),
  );
}

/** Starts a call whose progress and questions go to a person. */
export const startCall = verb(
  { name: 'server.use', access: 'read', input: OpenRunInput },
  async (ctx, given): Promise<AsyncGenerator<CallEvent>> => {
    const input = inputOf(ctx, given);
    const { serverId: subject, method, name } = input;
    const opened = openedFor(ctx, subject);
    const plan = {
      kind: 'playground.call',
      subject,
      resource: { type: 'server' },
      owner: ownerOf(ctx.actor),
      facts: { method, name },
    } as const;
    const { id } = ctx.runs.start(plan, (teller) => carryOutCall(ctx, opened, input, teller));
    return follow(ctx, id, 0);
  },
);

/** Follows a call after the last event that the caller knows, until its end. */
export const followCall = verb(
  { name: 'server.use', access: 'read', input: FollowCall },
  async (ctx, { runId, after }): Promise<AsyncGenerator<CallEvent>> => {
    requireOwn(ctx, runId);
    return follow(ctx, runId, after);
  },
);

/** Answers what a server asked in the middle of a call, or declines. */
export const answerCall = verb(
  { name: 'server.use', access: 'read', input: AnswerInput },
  async (ctx, input): Promise<void> => {
    const { runId, askId } = input;
    const answer = 'result' in input ? { result: input.result } : { declined: input.declined };
    ctx.runs.answer({ runId, askId, kind: 'playground.call', by: ownerOf(ctx.actor) }, answer);
  },
);

/** Gives a call up. */
export const cancelCall = verb(
  { name: 'server.use', access: 'read', input: CallRef },
  async (ctx, { runId }): Promise<void> => {
    requireOwn(ctx, runId);
    ctx.runs.cancel(runId);
  },
);

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toOffered(definition: JsonObject): OfferedTool[] {
  const { name, title, description } = definition;
  if (typeof name !== 'string') return [];
  return [{ type: 'tool', name, title: textOf(title), description: textOf(description), enabled: true, definition }];
}

/**
 * The tools of a server for a client that can answer questions, as the page can: some servers list more to such
 * clients.
 */
export const listOfferedTools = verb(
  { name: 'server.use', access: 'read', input: OfServer },
  async (ctx, { serverId }): Promise<OfferedTool[]> => {
    const { id, can } = await getServer(ctx, { id: serverId });
    if (!can.use) throw new DomainError('forbidden', say('groupsLetSee'));
    const request = {
      ...callBy(ctx, openedFor(ctx, id), ctx.signal),
      method: 'tools/list',
      params: {},
      ask: declineAll,
    };
    const result = await ctx.hub.runtime.call(request).catch((error: unknown) => {
      throw translateRpcError(error, id);
    });
    const listed = result['tools'];
    return Array.isArray(listed) ? listed.flatMap((each: JsonObject) => toOffered(each)) : [];
  },
);
