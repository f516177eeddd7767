import { createAccumulator } from '@switchboard/agents/chat';
import {
  createCounters,
  createSimulator as createEngine,
  promptDefaults,
  type Counters,
  type Outcome,
  type Scope,
  type SimulatorAnswer,
  type SimulatorTurn,
} from '@switchboard/agents/simulator';
import type { Db } from '@switchboard/db';
import { actorBehind } from '../access/behind.ts';
import { may } from '../access/require.ts';
import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { findModel } from '../models/queries.ts';
import { takeTurn } from '../models/turns.ts';
import type { Clock, Log } from '../ports.ts';
import { storable, storableJson } from '../storable.ts';
import { createCallLog } from './call-log.ts';
import type { Asked, KnownToken, Simulator } from './contract.ts';
import { createKnown } from './known.ts';
import { appResource } from './queries.ts';
import type { AppRow } from './rows.ts';
import { simulatorModel } from './schema.ts';
import { createTokenStates } from './states.ts';
import { hashOfToken } from './tokens.ts';

const mostCounters = 100_000;
const mostCached = 10_000;
const longestKept = 16_384;

export interface SimulatorOptions {
  db: Db;
  clock: Clock;
  log: Log;
  version: string;
  /** A context of somebody, for turns of models and for rights. */
  ctxFor(actor: Actor, request?: { signal?: AbortSignal }): Ctx;
  /** The state of a token changed. */
  stateChanged(tokenId: string, owner: string | null): Promise<void>;
}

/** Calls back once that much time has passed, unless it is called off. */
function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}

/** A bounded cache that evicts the oldest entry. */
function createBounded<Value>(most: number) {
  const values = new Map<string, Value>();
  return {
    get: (key: string) => values.get(key) ?? null,
    set(key: string, value: Value) {
      const [oldest] = values.size >= most && !values.has(key) ? values.keys() : [];
      if (oldest !== undefined) values.delete(oldest);
      values.set(key, value);
    },
    delete: (key: string) => void values.delete(key),
  };
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { db, clock, log, ctxFor } = options;
  const known = createKnown(db);
  const calls = createCallLog(db, log);
  const counters = createBounded<Counters>(mostCounters);
  const cached = createBounded<string>(mostCached);
  const states = createTokenStates(db, {
    changed: (tokenId) => options.stateChanged(tokenId, known.token(tokenId)?.createdBy ?? null),
  });

  /** The actor whose rights count: the present owner of a token or app; null where the owner has no rights any more. */
  function ownerOf(userId: string | null): Actor | null {
    const hub: Actor = { type: 'system', job: 'simulator' };
    return userId === null ? hub : actorBehind(ctxFor(hub), { userId, keyId: null });
  }

  async function turn({
    model,
    messages,
    parameters,
    callerInfo,
    signal,
  }: SimulatorTurn): Promise<SimulatorAnswer | null> {
    const actor = ownerOf((callerInfo as { owner: string | null }).owner);
    const name = model ?? simulatorModel;
    if (!actor || (model === null && !(await findModel(db, name)))) return null;
    const ctx = ctxFor(actor, { signal });
    const taken = await takeTurn(ctx, {
      model: name,
      messages,
      way: 'simulator',
      parameters,
      signal,
    });
    const answer = createAccumulator();
    for await (const chunk of taken.chunks) answer.add(chunk);
    const message = answer.answer().choices[0]?.message;
    return {
      content: message?.content ?? '',
      reasoning: message?.reasoning_content ?? '',
      model: taken.model.name,
      streamed: true,
    };
  }

  const engine = createEngine({
    version: options.version,
    clock: { now: () => clock.now(), after },
    turn,
    responsePrompt: () =>
      known.prompt('response_simulation') ?? { body: promptDefaults.response_simulation.body, version: '' },
    cache: {
      get: (key) => Promise.resolve(cached.get(key)),
      set: (key, value) => Promise.resolve(cached.set(key, value)),
    },
  });

  function countersOf(key: string): Counters {
    const found = counters.get(key);
    if (found) return found;
    const made = createCounters();
    counters.set(key, made);
    return made;
  }

  async function answerIn(appId: string, message: unknown, scope: Scope): Promise<Outcome> {
    const compiled = await known.compiled(appId);
    if (!compiled) throw new Error(`There is no app ${appId}.`);
    return await engine.handle(compiled, message, scope);
  }

  function note(app: AppRow, token: KnownToken, { call, reply }: Outcome, { address }: Asked): void {
    if (!call) return;
    const response = JSON.stringify(reply && ('result' in reply ? reply.result : reply.error)) ?? 'null';
    const given = JSON.stringify(call.arguments);
    calls.add({
      kind: 'call',
      userId: token.createdBy,
      username: storable(token.description || token.shown, 200),
      action: 'tools/call',
      targetType: 'Application',
      targetId: app.num,
      details: storableJson({
        app: `${app.category}/${app.name}`,
        token: token.num,
        tool: call.action,
        number: call.number,
        outcome: call.outcome,
        mode: call.mode,
        model: call.model,
        faults: call.faults,
        parameters: given.length > longestKept ? { cut: given.slice(0, longestKept) } : call.arguments,
        response: response.slice(0, longestKept),
      }),
      address,
      tokenId: token.id,
      appId: app.id,
      createdAt: new Date(clock.now()),
    });
  }

  async function scopeOf(token: KnownToken, app: AppRow, { version, signal }: Asked): Promise<Scope> {
    return {
      key: token.id,
      seed: token.seed,
      faults: token.faults,
      profile: token.profile,
      state: states.holder(token.id, app.initialState),
      counters: countersOf(token.id),
      signal,
      version,
      callerInfo: { owner: token.createdBy },
    };
  }

  return {
    load: () => known.load(),
    enter(category, name, token) {
      const found = token === null || token === '' ? null : known.tokenOf(hashOfToken(token));
      const owner = found?.enabled ? ownerOf(found.createdBy) : null;
      if (!found || !owner) return { ok: false, why: 'token' };
      const app = known.app(category, name);
      if (!app?.enabled) return { ok: false, why: 'app' };
      const mayUse = known.isGranted(found.id, app.id) && may(ctxFor(owner), 'app.use', appResource(app));
      return mayUse ? { ok: true, app, token: found } : { ok: false, why: 'grant' };
    },
    async answer({ app, token }, message, asked) {
      const outcome = await answerIn(app.id, message, await scopeOf(token, app, asked));
      note(app, token, outcome, asked);
      return outcome;
    },
    answerIn,
    answerAs: (app, message, scope) => engine.handle(app, message, scope),
    scopeOf,
    compiled: (appId) => known.compiled(appId),
    prompt: (name) => known.prompt(name),
    token: (id) => known.token(id),
    forgetState: (tokenId) => states.forget(tokenId),
    restartCounters: (tokenId) => counters.delete(tokenId),
    app: (id) => known.byId(id),
    flush: () => calls.flush(),
    stop: () => calls.stop(),
  };
}
