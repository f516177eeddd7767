import {
  compileApp,
  createCounters,
  createSimulator,
  createStateHolder,
  type CompiledApp,
  type SimulatedApp,
} from '@switchboard/agents/simulator';
import type { CreateApp } from '../schema.ts';
import { storedActions } from '../stored.ts';
import { catalogue } from './catalogue.ts';

type Values = Record<string, unknown>;

/** A product of the catalogue as the engine takes it. */
export function simulated(app: CreateApp): SimulatedApp {
  const { category, name, displayName, description = '', aiNotes = '', initialState = {} } = app;
  const actions = storedActions(JSON.parse(JSON.stringify(app.actions ?? [])));
  const about = { id: `${category}/${name}`, category, name, displayName, description, aiNotes };
  return { ...about, actions, initialState, seed: null, profile: null, faults: [] };
}

const compiled = new WeakMap<CreateApp, CompiledApp>();

/** Products are made ready once: calls do not change them. */
function ready(app: CreateApp): CompiledApp {
  const made = compiled.get(app) ?? compileApp(simulated(app));
  compiled.set(app, made);
  return made;
}

/** One caller of several products, with one state over all of them, as a token has it. */
export function callerOf(...apps: CreateApp[]) {
  const clock = { now: () => Date.UTC(2026, 0, 15), after: () => () => undefined };
  const simulator = createSimulator({ version: '1.0.0', clock });
  const known = new Map(apps.map((app) => [`${app.category}/${app.name}`, ready(app)]));
  const scope = {
    key: 'caller',
    seed: 'seed',
    faults: [],
    profile: null,
    state: createStateHolder(Object.assign({}, ...apps.map(({ initialState }) => initialState))),
    counters: createCounters(),
    signal: new AbortController().signal,
    version: null,
    callerInfo: null,
  };
  return {
    state: async () => await scope.state.read(),
    /** The answer of an action, and whether it is an error; throws where the answer is no JSON object. */
    async ask(product: string, action: string, args: Values = {}): Promise<{ value: Values; isError: boolean }> {
      const app = known.get(product);
      if (!app) throw new Error(`There is no ${product}`);
      const params = { name: action, arguments: args };
      const { reply } = await simulator.handle(app, { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, scope);
      if (reply === null || !('result' in reply)) throw new Error(JSON.stringify(reply));
      const { content, isError } = reply.result as { content: { text: string }[]; isError?: boolean };
      const value = JSON.parse(content[0]?.text ?? '') as Values;
      if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${action} gives no object`);
      return { value, isError: isError ?? false };
    },
  };
}

/** A product of the catalogue by its name. */
export function product(name: string): CreateApp {
  const found = catalogue.find((app) => `${app.category}/${app.name}` === name);
  if (!found) throw new Error(`There is no ${name}`);
  return found;
}
