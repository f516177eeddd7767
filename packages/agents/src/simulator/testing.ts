import { createTestClock, type TestClock } from '../testing/clock.ts';
import type { Clock, JsonObject } from '../types.ts';
import { compileApp } from './compile.ts';
import type { Outcome, Scope, SimulatorPorts } from './ports.ts';
import { createSimulator } from './simulator.ts';
import { bareAction } from './sources/sourced.ts';
import { createCounters, createStateHolder } from './state.ts';
import type { Parameter, ReplayPair, SimulatedAction, SimulatedApp } from './types.ts';

/** A parameter, a text unless something else is said. */
export function parameter(key: string, more: Partial<Parameter> = {}): Parameter {
  return { key, type: 'String', required: false, description: '', ...more };
}

/** An action that answers with a canned answer, unless something else is said. */
export function action(name: string, more: Partial<SimulatedAction> = {}): SimulatedAction {
  return { ...bareAction(name), ...more };
}

/** The product of the documented examples. */
export function virusTotal(actions: SimulatedAction[], more: Partial<SimulatedApp> = {}): SimulatedApp {
  return {
    id: 'app-1',
    category: 'Security',
    name: 'VirusTotal',
    displayName: 'VirusTotal',
    description: '',
    aiNotes: '',
    actions,
    initialState: {},
    seed: 'seed',
    profile: null,
    faults: [],
    ...more,
  };
}

/** One product and one caller of it. */
export interface Bench {
  clock: TestClock;
  scope: Scope;
  send(message: unknown): Promise<Outcome>;
  /** Sends a request and gives its result; fails on an error. */
  ask(method: string, params?: JsonObject): Promise<JsonObject>;
  call(name: string, args?: JsonObject, meta?: JsonObject): Promise<Outcome>;
}

/** A product that is asked by a caller of its own. */
export function benchOf(
  app: SimulatedApp,
  options: { scope?: Partial<Scope>; ports?: Partial<SimulatorPorts>; pairs?: ReplayPair[] } = {},
): Bench {
  const clock = createTestClock();
  const simulator = createSimulator({ version: '1.2.3', clock, ...options.ports });
  const compiled = compileApp(app, options.pairs);
  const scope: Scope = {
    key: 'token',
    seed: null,
    faults: [],
    profile: null,
    state: createStateHolder(app.initialState),
    counters: createCounters(),
    signal: new AbortController().signal,
    version: null,
    callerInfo: null,
    ...options.scope,
  };
  function send(message: unknown): Promise<Outcome> {
    return simulator.handle(compiled, message, scope);
  }
  return {
    clock,
    scope,
    send,
    async ask(method, params) {
      const { reply } = await send({ jsonrpc: '2.0', id: 1, method, ...(params === undefined ? {} : { params }) });
      if (reply === null || !('result' in reply)) throw new Error(JSON.stringify(reply));
      return reply.result;
    },
    call: (name, args, meta) =>
      send({
        jsonrpc: '2.0',
        id: 7,
        method: 'tools/call',
        params: { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) },
      }),
  };
}

/** The text of the only content of a result. */
export function textOf({ reply }: Outcome): string {
  if (reply === null || !('result' in reply)) throw new Error(`There is no result: ${JSON.stringify(reply)}`);
  const [content] = reply.result['content'] as { type: string; text: string }[];
  return content?.text ?? '';
}

/** The JSON in the text of a result. */
export function valueOf(outcome: Outcome): JsonObject {
  return JSON.parse(textOf(outcome)) as JsonObject;
}

/** A clock on which no time passes: every wait ends at once. */
export const instantClock: Clock = {
  now: () => Date.UTC(2026, 0, 1),
  after(_ms, run) {
    let wanted = true;
    queueMicrotask(() => {
      if (wanted) run();
    });
    return () => {
      wanted = false;
    };
  },
};
