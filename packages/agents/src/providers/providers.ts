import { randomUUID } from 'node:crypto';
import { createHttpClient, type HttpClient, type Proxies } from '@switchboard/mcp-runtime/http';
import { runDemo } from '../demo/turn.ts';
import type { Clock, Model, Protocol, Providers } from '../types.ts';
import { anthropicFormat } from './anthropic/format.ts';
import type { Format } from './format.ts';
import { listModelsOver } from './models.ts';
import { openaiFormat } from './openai/format.ts';
import { runOver } from './turn.ts';

export interface ProvidersOptions {
  /** Proxies that lead out of this network; null = none. */
  proxies?: Proxies | null;
  clock?: Clock;
}

/** Models whose habits are remembered; a forgotten one is found out again. */
const mostLearnt = 1000;

const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const formats: Record<Exclude<Protocol, 'demo'>, Format> = { openai: openaiFormat, anthropic: anthropicFormat };

/** The client of all models: keeps connections between turns, and the settings that a model was found to refuse. */
export function createProviders({ proxies = null, clock = systemClock }: ProvidersOptions = {}): Providers {
  const clients = new Map<boolean, HttpClient>();
  const habits = new Map<string, Set<string>>();
  function clientFor({ allowPrivate }: Model): HttpClient {
    const client = clients.get(allowPrivate) ?? createHttpClient({ allowPrivate }, proxies);
    clients.set(allowPrivate, client);
    return client;
  }
  function learntOf({ protocol, baseUrl, model }: Model): Set<string> {
    const key = JSON.stringify([protocol, baseUrl, model]);
    const learnt = habits.get(key) ?? new Set();
    if (!habits.has(key) && habits.size >= mostLearnt) habits.clear();
    habits.set(key, learnt);
    return learnt;
  }
  return {
    runTurn(model, messages, tools, signal, options = {}) {
      const turnId = randomUUID().slice(0, 8);
      if (model.protocol === 'demo') return runDemo({ messages, tools, signal, options, clock, turnId });
      const format = formats[model.protocol];
      const ports = {
        client: clientFor(model),
        clock,
        format,
        learnt: learntOf(model),
        turnId,
      };
      const parameters = { ...model.defaults, ...options.parameters };
      return runOver(ports, model, { messages, tools, parameters, stream: options.stream ?? true }, signal, options);
    },
    async listModels(model, signal) {
      if (model.protocol === 'demo') return [{ id: 'demo', title: 'Demo', ownedBy: null, created: null }];
      return listModelsOver({ client: clientFor(model), clock, format: formats[model.protocol] }, model, signal);
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
