import { objectIn } from '../providers/json.ts';
import type { JsonObject } from '../types.ts';
import { loadFakes, type Fakes } from './answers/fakes.ts';
import { callAction, type CallRequest } from './calls.ts';
import { anySeed, wholeOf } from './chance.ts';
import type { CompiledApp } from './compile.ts';
import { metFaults } from './faults/rules.ts';
import type { Outcome, RpcId, RpcNotification, RpcReply, Scope, SimulatorPorts } from './ports.ts';
import { errorCodes, errorOf, errorReply, methodNotFound, readMessage, Refusal } from './protocol/message.ts';
import { getPrompt, promptsOf, readResource, resourcesOf } from './protocol/offers.ts';
import { eraOf, negotiated, statelessResult, statelessVersions, type Era } from './protocol/versions.ts';

/** Answers one message to a product. */
export interface Simulator {
  /**
   * Answers a message; a batch is several messages. It does not reject because of the message or the app, only where a
   * port fails.
   */
  handle(app: CompiledApp, message: unknown, scope: Scope): Promise<Outcome>;
}

const listChanged: RpcNotification = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };

function outcomeOf(reply: RpcReply | null): Outcome {
  return { reply, notifications: [], wire: null, delayMs: 0, call: null };
}

/** One request but `tools/call`, and what it is about. */
interface Asked {
  ports: SimulatorPorts;
  app: CompiledApp;
  scope: Scope;
  params: JsonObject;
}

function serverInfo({ version }: SimulatorPorts): JsonObject {
  return { name: 'UniMCPSim', version };
}

function capabilitiesOf({ app }: CompiledApp, { faults }: Scope): JsonObject {
  const changes = [...app.faults, ...faults].some(({ kind }) => kind === 'list-changes');
  return { tools: changes ? { listChanged: true } : {}, resources: {}, prompts: {} };
}

function lastCalledAt({ scope }: Asked): string | null {
  if (scope.lastCalledAt !== undefined) return scope.lastCalledAt;
  const { lastCallAt } = scope.counters;
  return lastCallAt === null ? null : new Date(lastCallAt).toISOString();
}

type Method = (asked: Asked) => JsonObject;

const methods: Readonly<Record<string, Method>> = {
  'resources/list': ({ app }) => ({ resources: resourcesOf(app) }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
  'resources/read': (asked) => readResource(asked.app, asked.params['uri'], lastCalledAt(asked)),
  'prompts/list': ({ app }) => ({ prompts: promptsOf(app) }),
  'prompts/get': ({ app, params }) => getPrompt(app, params['name'], objectIn(params['arguments'])),
  'completion/complete': () => ({ completion: { values: [], total: 0, hasMore: false } }),
};

const sessionMethods: Readonly<Record<string, Method>> = {
  initialize: ({ ports, app, scope, params }) => ({
    protocolVersion: negotiated(params['protocolVersion']),
    capabilities: capabilitiesOf(app, scope),
    serverInfo: serverInfo(ports),
  }),
  ping: () => ({}),
  'logging/setLevel': () => ({}),
};

const statelessMethods: Readonly<Record<string, Method>> = {
  'server/discover': ({ app, scope }) => ({
    supportedVersions: statelessVersions,
    capabilities: capabilitiesOf(app, scope),
  }),
};

/** The tools, without the one that is gone for now. */
function listTools({ ports, app, scope }: Asked, id: RpcId): Outcome {
  const { counters } = scope;
  counters.lists += 1;
  const seed = scope.seed ?? app.app.seed ?? ports.chance?.() ?? anySeed();
  const facing = { seed, action: 'tools/list', number: counters.lists, arguments: {} };
  const [met] = metFaults(app.app, scope, facing);
  if (met === undefined || app.tools.length === 0) {
    return outcomeOf({ jsonrpc: '2.0', id, result: { tools: app.tools } });
  }
  const gone = wholeOf(met.random, 0, app.tools.length - 1);
  const result = { tools: app.tools.filter((_tool, index) => index !== gone) };
  return { ...outcomeOf({ jsonrpc: '2.0', id, result }), notifications: [listChanged] };
}

function methodOf(name: string, era: Era): Method {
  const own = era.stateless ? statelessMethods : sessionMethods;
  const method = Object.hasOwn(methods, name) ? methods[name] : Object.hasOwn(own, name) ? own[name] : undefined;
  if (method === undefined) throw methodNotFound(name);
  return method;
}

/** The reply as revisions without sessions have it. */
function inEra(reply: RpcReply | null, method: string, era: Era, ports: SimulatorPorts): RpcReply | null {
  if (reply === null || !era.stateless || !('result' in reply)) return reply;
  return { ...reply, result: statelessResult(method, reply.result, serverInfo(ports)) };
}

/** Simulates products. It keeps nothing of them itself: what there is of an app, a scope and a state is given with each message. */
export function createSimulator(ports: SimulatorPorts): Simulator {
  let loading: Promise<Fakes> | null = null;
  function fakes(): Promise<Fakes> {
    loading ??= loadFakes();
    return loading;
  }
  /** Answers a request; throws Refusal. */
  async function answered(method: string, asked: Asked, { id, params, era }: CallRequest): Promise<Outcome> {
    const { app, scope } = asked;
    if (method === 'tools/call') return callAction({ ports, fakes }, app, scope, { id, params, era });
    if (method === 'tools/list') return listTools(asked, id);
    return outcomeOf({ jsonrpc: '2.0', id, result: methodOf(method, era)(asked) });
  }
  return {
    async handle(app, message, scope) {
      const read = readMessage(message);
      if (read.kind === 'nothing') return outcomeOf(null);
      if (read.kind === 'bad') {
        return outcomeOf(
          errorReply(read.id, { code: errorCodes.invalidRequest, message: `Invalid Request: ${read.why}` }),
        );
      }
      const { id, method, params } = read;
      try {
        const era = eraOf(params, scope.version);
        const outcome = await answered(method, { ports, app, scope, params }, { id, params, era });
        return { ...outcome, reply: inEra(outcome.reply, method, era, ports) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return outcomeOf(errorReply(id, errorOf(error)));
      }
    },
  };
}
