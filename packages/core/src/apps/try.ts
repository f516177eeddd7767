import type { z } from 'zod';
import {
  compileApp,
  createCounters,
  createStateHolder,
  replyWithoutWire,
  type CompiledApp,
  type Scope,
} from '@switchboard/agents/simulator';
import { setBounded } from '@switchboard/basics';
import { personOf, userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { absentApp, requireApp, requireToken } from './queries.ts';
import type { AppRow } from './rows.ts';
import { TryApp, type Tried } from './schema.ts';
import { storedActions, storedFaults } from './stored.ts';

/** Trials without a token: of one person and app, until the hub stops or makes room. */
const trials = new WeakMap<object, Map<string, Pick<Scope, 'state' | 'counters'>>>();
const mostTrials = 1_000;

function trialOf(ctx: Ctx, app: AppRow, afresh: boolean): Pick<Scope, 'state' | 'counters'> {
  const known = trials.get(ctx.simulator) ?? new Map<string, Pick<Scope, 'state' | 'counters'>>();
  trials.set(ctx.simulator, known);
  const key = `${personOf(ctx.actor)} ${app.id}`;
  const found = known.get(key);
  if (found && !afresh) return found;
  const made = { state: createStateHolder(app.initialState), counters: createCounters() };
  setBounded(known, key, made, mostTrials);
  return made;
}

type Draft = NonNullable<z.output<typeof TryApp>['draft']>;

/**
 * The app with this one action, which keeps its recorded calls. Answers of a model are not cached, because the action
 * is only a draft.
 */
async function drafted(ctx: Ctx, app: AppRow, draft: Draft): Promise<CompiledApp> {
  const compiled = await ctx.simulator.compiled(app.id);
  if (!compiled) throw absentApp(app.id);
  const answers = draft.answers.map((answer) => (answer.mode === 'model' ? { ...answer, cache: false } : answer));
  const trial = compileApp({ ...compiled.app, actions: storedActions([{ ...draft, answers }]) });
  const action = trial.actions.get(draft.name);
  const replay = compiled.actions.get(draft.name)?.replay;
  return action && replay ? { ...trial, actions: new Map([[draft.name, { ...action, replay }]]) } : trial;
}

/** Calls an action as a program would, with the state of a token or one of the actor's own. */
export const tryApp = verb(
  { name: 'app.use', access: 'write', input: TryApp, tx: false },
  async (ctx, { id, action, draft, arguments: given, tokenId, afresh }): Promise<Tried> => {
    const app = await requireApp(ctx, id, draft === undefined ? 'app.use' : 'app.configure');
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: action, arguments: given } };
    const asked = { address: ctx.address, version: null, signal: ctx.signal };
    let scope: Scope;
    if (tokenId === undefined) {
      const about = { key: `trial ${personOf(ctx.actor)}`, seed: null, faults: [], profile: null, version: null };
      scope = {
        ...about,
        ...trialOf(ctx, app, afresh),
        signal: ctx.signal,
        callerInfo: { owner: userIdOf(ctx.actor) },
      };
    } else {
      const row = await requireToken(ctx, tokenId, 'app-token.configure');
      scope = await ctx.simulator.scopeOf({ ...row, faults: storedFaults(row.faults) }, app, asked);
    }
    ctx.audit({ id: app.id, details: { tried: action } });
    const elapsed = ctx.clock.elapsed ?? ctx.clock.now;
    const begun = elapsed();
    const outcome =
      draft === undefined
        ? await ctx.simulator.answerIn(app.id, message, scope)
        : await ctx.simulator.answerAs(await drafted(ctx, app, draft), message, scope);
    const reply = replyWithoutWire(outcome);
    return {
      result: reply && 'result' in reply ? reply.result : null,
      error: reply && 'error' in reply ? reply.error : null,
      wire: outcome.wire?.kind ?? null,
      mode: outcome.call?.mode ?? null,
      model: outcome.call?.model ?? null,
      faults: outcome.call?.faults ?? [],
      tookMs: Math.round(elapsed() - begun),
      state: await scope.state.read(),
    };
  },
);
