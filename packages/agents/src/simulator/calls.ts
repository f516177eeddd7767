import { isObject } from '@switchboard/basics';
import { excessOf } from '@switchboard/mcp-runtime/rules';
import { objectIn } from '../providers/json.ts';
import type { JsonObject } from '../types.ts';
import { answerCall } from './answers/answer.ts';
import type { CallContext } from './answers/context.ts';
import type { Fakes } from './answers/fakes.ts';
import { mostArguments, shown } from './bounds.ts';
import { anySeed, seededTime } from './chance.ts';
import type { CompiledAction, CompiledApp } from './compile.ts';
import { earlyEnd, lateWire, limitEnd, type EarlyEnd } from './faults/early.ts';
import { bounded, latencyOf, wait } from './faults/latency.ts';
import { metFaults, type MetFault } from './faults/rules.ts';
import { violated } from './faults/violate.ts';
import type { CallNote, Outcome, RpcId, RpcReply, Scope, SimulatorPorts, WireFault } from './ports.ts';
import { errorCodes, errorOf, errorReply, invalidParams, Refusal } from './protocol/message.ts';
import type { Era } from './protocol/versions.ts';
import { toolResult } from './results.ts';
import type { SchemaProblem } from './schema/check.ts';
import { withDefaults } from './tools.ts';
import type { Fault } from './types.ts';

/** A request for `tools/call`. */
export interface CallRequest {
  id: RpcId;
  params: JsonObject;
  era: Era;
}

/** Loads made-up values once. */
export type LoadFakes = () => Promise<Fakes>;

/** The key of `_meta` that seeds one call. */
export const seedKey = 'switchboard/seed';

interface Seeding {
  seed: string;
  seeded: boolean;
  time: number;
}

function seedingOf(
  ports: SimulatorPorts,
  { app }: CompiledApp,
  scope: Scope,
  params: JsonObject,
  number: number,
): Seeding {
  const own = objectIn(params['_meta'])[seedKey];
  const seed =
    typeof own === 'string' || typeof own === 'number' ? String(own).slice(0, 256) : (scope.seed ?? app.seed);
  if (seed !== null) return { seed, seeded: true, time: seededTime(seed, number) };
  return { seed: ports.chance?.() ?? anySeed(), seeded: false, time: ports.clock.now() };
}

/** The caller went. */
class Gone extends Error {}

const noAnswer = { code: errorCodes.server, message: 'No answer came' };

function excessOfArguments(given: JsonObject): string | null {
  try {
    const text = JSON.stringify(given);
    return text.length > mostArguments ? 'are too long' : excessOf(text);
  } catch {
    // Writing is recursive, and ends where the stack does.
    return 'are nested too deep';
  }
}

function argumentsOf(params: JsonObject): JsonObject {
  const given = params['arguments'];
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw invalidParams('arguments has to be an object');
  const excess = excessOfArguments(given);
  if (excess !== null) throw invalidParams(`arguments ${excess}`);
  return given;
}

function fieldOf({ path, keyword, message }: SchemaProblem) {
  const field = path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  return { field, problem: keyword, message: `${field || 'arguments'} ${message}` };
}

/** Many clients send null for what they leave out. */
function withoutNulls(args: JsonObject, { action }: CompiledAction): JsonObject {
  if (action.inputSchema !== null) return args;
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

function checkedArguments(args: JsonObject, action: CompiledAction): JsonObject {
  const fields = action.checkArguments(args).map(fieldOf);
  if (fields.length === 0) return withDefaults(args, action.inputSchema);
  throw invalidParams(fields.map(({ message }) => message).join('; '), { fields });
}

function actionOf(compiled: CompiledApp, name: string): CompiledAction {
  const action = compiled.actions.get(name);
  if (action === undefined) throw new Refusal(errorCodes.notFound, `Action not found: ${shown(name)}`);
  return action;
}

/** One call on its way through faults and the action. */
interface Passing {
  ports: SimulatorPorts;
  fakes: LoadFakes;
  compiled: CompiledApp;
  scope: Scope;
  request: CallRequest;
  note: CallNote;
  seeding: Seeding;
  outcome: Outcome;
}

/** The result of the action, noted as it comes about. Throws Refusal. */
async function asked(passing: Passing, met: readonly MetFault[]): Promise<JsonObject> {
  const { ports, compiled, scope, request, note, seeding } = passing;
  const action = actionOf(compiled, note.action);
  const given = withoutNulls(note.arguments, action);
  const call: CallContext = {
    ports,
    compiled,
    action,
    given,
    arguments: checkedArguments(given, action),
    scope,
    number: note.number,
    ...seeding,
    fakes: action.needsFakes ? await passing.fakes() : null,
  };
  const { mode, answer: came, model } = await answerCall(call);
  const violates = met.some(({ fault }) => fault.kind === 'schema-violation');
  const answer = violates ? violated(came, action.checkAnswer) : came;
  Object.assign(note, { mode, model, outcome: answer.isError ? 'tool-error' : 'success' });
  return toolResult(answer, request.era.version);
}

/** Waits; throws Gone where the caller went. */
async function delay({ ports, scope, outcome }: Passing, ms: number): Promise<void> {
  if (!(await wait(ports.clock, ms, scope.signal))) throw new Gone();
  outcome.delayMs += ms;
}

async function endEarly(passing: Passing, end: EarlyEnd): Promise<void> {
  const { outcome, note, request } = passing;
  const { id } = request;
  switch (end.kind) {
    case 'rpc-error':
      outcome.reply = errorReply(id, end.error);
      return;
    case 'tool-error':
      note.outcome = 'tool-error';
      outcome.reply = {
        jsonrpc: '2.0',
        id,
        result: toolResult({ text: end.message, value: undefined, isError: true }, request.era.version),
      };
      return;
    case 'timeout':
      await delay(passing, bounded(end.ms));
      return loseAnswer(passing, { kind: 'cut', sent: 'nothing' }, errorReply(id, noAnswer));
    case 'wire':
      return loseAnswer(passing, end.wire, errorReply(id, end.error));
  }
}

function loseAnswer({ outcome, note }: Passing, wire: WireFault, reply: RpcReply): void {
  outcome.reply = reply;
  outcome.wire = wire;
  if (wire.kind !== 'drip') note.outcome = 'wire';
}

/** The faults that a call met; a limit that it did not exceed had no effect. */
function kindsOf(met: readonly MetFault[]): Fault['kind'][] {
  return [...new Set(met.map(({ fault }) => fault.kind))].filter((kind) => kind !== 'rate-limit');
}

async function pass(passing: Passing): Promise<void> {
  const { ports, compiled, scope, request, note, seeding, outcome } = passing;
  const facing = { seed: seeding.seed, action: note.action, number: note.number, arguments: note.arguments };
  const met = metFaults(compiled.app, scope, facing);
  const limited = limitEnd(met, scope.counters, ports.clock);
  note.faults = limited === null ? kindsOf(met) : ['rate-limit'];
  if (limited !== null) return endEarly(passing, limited);
  const latency = met.reduce(
    (sum, { fault, random }) => sum + (fault.kind === 'latency' ? latencyOf(fault, random) : 0),
    0,
  );
  await delay(passing, bounded(latency));
  const end = earlyEnd(met);
  if (end !== null) return endEarly(passing, end);
  outcome.reply = { jsonrpc: '2.0', id: request.id, result: await asked(passing, met) };
  const wire = lateWire(met);
  if (wire !== null) loseAnswer(passing, wire, outcome.reply);
}

function noteOf(number: number): CallNote {
  return { action: '', arguments: {}, number, outcome: 'rpc-error', mode: null, faults: [], model: null };
}

/** Answers `tools/call`: what the action answers, as its faults leave it. */
export async function callAction(
  { ports, fakes }: Pick<Passing, 'ports' | 'fakes'>,
  compiled: CompiledApp,
  scope: Scope,
  request: CallRequest,
): Promise<Outcome> {
  const { id, params } = request;
  const { counters, signal } = scope;
  // Numbers follow the order in which calls come: nothing is awaited before.
  counters.calls += 1;
  const note = noteOf(counters.calls);
  const outcome: Outcome = { reply: null, notifications: [], wire: null, delayMs: 0, call: note };
  try {
    const { name } = params;
    if (typeof name !== 'string') throw invalidParams('tools/call needs name, a string');
    note.action = shown(name);
    note.arguments = argumentsOf(params);
    const seeding = seedingOf(ports, compiled, scope, params, note.number);
    await pass({ ports, fakes, compiled, scope, request, note, seeding, outcome });
  } catch (error) {
    if (error instanceof Gone || signal.aborted) {
      note.outcome = 'abandoned';
      outcome.reply = null;
    } else if (error instanceof Refusal) outcome.reply = errorReply(id, errorOf(error));
    else throw error;
  }
  counters.lastCallAt = ports.clock.now();
  return outcome;
}
