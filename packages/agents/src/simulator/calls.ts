import { isObject, objectIn } from '../providers/json.ts';
import type { JsonObject } from '../types.ts';
import { answerCall } from './answers/answer.ts';
import type { CallContext } from './answers/context.ts';
import { loadFakes } from './answers/fakes.ts';
import { mostArguments, shown } from './bounds.ts';
import { anySeed, seededTime } from './chance.ts';
import type { CompiledAction, CompiledApp } from './compile.ts';
import type { CallNote, Outcome, RpcId, Scope, SimulatorPorts } from './ports.ts';
import { errorCodes, errorOf, errorReply, invalidParams, Refusal } from './protocol/message.ts';
import type { Era } from './protocol/versions.ts';
import { toolResult } from './results.ts';
import type { SchemaProblem } from './schema/check.ts';
import { withDefaults } from './tools.ts';

/** A request for `tools/call`. */
export interface CallRequest {
  id: RpcId;
  params: JsonObject;
  era: Era;
}

/** The key of `_meta` that seeds one call. */
export const seedKey = 'switchboard/seed';

interface Seeding {
  seed: string;
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
  if (seed !== null) return { seed, time: seededTime(seed, number) };
  return { seed: ports.chance?.() ?? anySeed(), time: ports.clock.now() };
}

function argumentsOf(params: JsonObject): JsonObject {
  const given = params['arguments'];
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw invalidParams('arguments has to be an object');
  if (JSON.stringify(given).length > mostArguments) throw invalidParams('arguments are too long');
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

/** The result of a call, noted as it comes about. Throws Refusal. */
async function called(
  ports: SimulatorPorts,
  compiled: CompiledApp,
  scope: Scope,
  { params, era }: CallRequest,
  note: CallNote,
): Promise<JsonObject> {
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
    ...seedingOf(ports, compiled, scope, params, note.number),
    fakes: compiled.needsFakes ? await loadFakes() : null,
  };
  const { mode, answer, model } = await answerCall(call);
  Object.assign(note, { mode, model, outcome: answer.isError ? 'tool-error' : 'success' });
  return toolResult(answer, era.version);
}

/** Answers `tools/call`: what the action answers, as its faults leave it. */
export async function callAction(
  ports: SimulatorPorts,
  compiled: CompiledApp,
  scope: Scope,
  request: CallRequest,
): Promise<Outcome> {
  const { id, params } = request;
  const { counters } = scope;
  // Numbers follow the order in which calls come: nothing is awaited before.
  counters.calls += 1;
  const note: CallNote = {
    action: '',
    arguments: {},
    number: counters.calls,
    outcome: 'rpc-error',
    mode: null,
    faults: [],
    model: null,
  };
  const outcome: Outcome = { reply: null, notifications: [], wire: null, delayMs: 0, call: note };
  try {
    const { name } = params;
    if (typeof name !== 'string') throw invalidParams('tools/call needs name, a string');
    note.action = shown(name);
    note.arguments = argumentsOf(params);
    outcome.reply = { jsonrpc: '2.0', id, result: await called(ports, compiled, scope, request, note) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    outcome.reply = errorReply(id, errorOf(error));
  }
  counters.lastCallAt = ports.clock.now();
  return outcome;
}
