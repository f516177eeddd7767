import { createCounters, createStateHolder, replyWithoutWire, type Scope } from '@switchboard/agents/simulator';
import { personOf, userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { requireApp, requireToken } from './queries.ts';
import type { AppRow } from './rows.ts';
import { TryApp, type Tried } from './schema.ts';

/** Trials without a token: of one person and app, until the hub stops or makes room. */
const trials = new WeakMap<object, Map<string, Pick<Scope, 'state' | 'counters'>>>();
const mostTrials = 1_000;

function trialOf(ctx: Ctx, app: AppRow, afresh: boolean): Pick<Scope, 'state' | 'counters'> {
  const known = trials.get(ctx.simulator) ?? new Map<string, Pick<Scope, 'state' | 'counters'>>();
  trials.set(ctx.simulator, known);
  const key = `${personOf(ctx.actor)} ${app.id}`;
  const found = known.get(key);
  if (found && !afresh) return found;
  const [oldest] = known.size >= mostTrials ? known.keys() : [];
  if (oldest !== undefined) known.delete(oldest);
  const made = { state: createStateHolder(app.initialState), counters: createCounters() };
  known.set(key, made);
  return made;
}

/** Calls an action as a program would, with the state of a token or one of the actor's own. */
export const tryApp = verb(
  { name: 'app.use', access: 'write', input: TryApp, tx: false },
  async (ctx, { id, action, arguments: given, tokenId, afresh }): Promise<Tried> => {
    const app = await requireApp(ctx, id, 'app.use');
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
      scope = await ctx.simulator.scopeOf(row, app, asked);
    }
    ctx.audit({ id: app.id, details: { tried: action } });
    const elapsed = ctx.clock.elapsed ?? ctx.clock.now;
    const begun = elapsed();
    const outcome = await ctx.simulator.answerIn(app.id, message, scope);
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
