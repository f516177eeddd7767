import { isObject } from '@switchboard/basics';
import { knownMethods } from '../../methods.ts';
import { RpcError } from '../../rpc.ts';
import type { CallRecord, InProcessCall, Launch, Span, SpanFacts } from '../../types.ts';
import { wayTo } from '../../upstream/launch-facts.ts';
import type { Call, Result } from '../sessions/peer.ts';
import type { Target } from '../target.ts';
import type { ForwardedCall } from './call-record.ts';

/** The kind of failure in place of a call's own words. */
export type Failure = string | null;

/** A method as a span may have it: a client can ask for any. */
function methodName(method: string): string {
  return knownMethods.has(method) ? method : 'other';
}

/** Facts of a message that is about something with a name: of the tool or prompt only, never a URI. */
export function factsOf(method: string, name: string | null): { title: string; facts: SpanFacts } {
  const known = methodName(method);
  const facts: Record<string, string> = { 'mcp.method.name': known };
  if (name !== null && known === 'tools/call') {
    facts['gen_ai.operation.name'] = 'execute_tool';
    facts['gen_ai.tool.name'] = name;
  } else if (name !== null && known === 'prompts/get') facts['gen_ai.prompt.name'] = name;
  else return { title: known, facts };
  return { title: `${known} ${name}`, facts };
}

/** Begins the span of a client's request; its name follows when it is known what it is about. */
export function beginServed(request: Span | undefined, method: string, endpoint: string): Span | null {
  if (request === undefined || !request.isKept) return request ?? null;
  const { title, facts } = factsOf(method, null);
  return request.begin({ name: title, kind: 'server', facts: { ...facts, 'switchboard.endpoint': endpoint } });
}

/** The kind of a result's failure; null for none. */
export function failureOfResult(result: Result): Failure {
  return 'isError' in result && result['isError'] === true ? 'tool_error' : null;
}

/** The kind of an error: a code, or the hub's own word. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof RpcError)) return 'internal';
  const { data } = error;
  return isObject(data) && data['timeout'] === true ? 'timeout' : String(error.code);
}

/** Begins the span of a call from inside the hub. */
export function beginInProcess({ trace, method, selection, via }: InProcessCall): Span | null {
  if (trace == null || !trace.isKept) return trace ?? null;
  const { title, facts } = factsOf(method, null);
  const more = { 'switchboard.endpoint': selection.endpoint, 'switchboard.via': via };
  return trace.begin({ name: title, kind: 'internal', facts: { ...facts, ...more } });
}

/**
 * Tells of what the hub did before a call goes to its server, or goes nowhere: it looked who may what, for the route
 * and at the limits. Told afterwards, for only then it is known what the call is about.
 */
export function tellDecision({ trace }: Call, { serverId, method, name }: Target, failure: Failure): void {
  if (trace === null || !trace.isKept) return;
  const { title, facts } = factsOf(method, name);
  trace.say(facts, title);
  const about = { 'switchboard.server': serverId };
  trace.begin({ name: 'decision', kind: 'internal', facts: about, startedAt: trace.startedAt }).end(failure);
}

/** Starts the span of a call at its server; the earlier decision is in its facts. */
export function beginSent(call: Call, target: Target, launch: Launch): Span | null {
  const { trace } = call;
  if (trace === null || !trace.isKept) return trace;
  tellDecision(call, target, null);
  return beginSentAgain(call, target, launch);
}

/** The same for a call that is made once more: it was decided before the first time. */
export function beginSentAgain({ trace }: Call, target: Target, launch: Launch): Span | null {
  if (trace === null || !trace.isKept) return trace;
  const { title, facts } = factsOf(target.method, target.name);
  const transport = wayTo(launch) === 'stdio' ? 'pipe' : 'tcp';
  const more = { 'switchboard.server': target.serverId, 'network.transport': transport };
  return trace.begin({ name: title, kind: 'client', facts: { ...facts, ...more } });
}

/** Tells of a call that failed: at its server, or before. */
export function tellFailure(
  { call, target, sent }: ForwardedCall,
  error: RpcError,
  outcome: CallRecord['outcome'],
): void {
  const failure = outcome === 'error' ? failureOf(error) : outcome;
  if (sent === null) tellDecision(call, target, failure);
  else sent.end(failure);
}
