import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { SignInOf, SignInStep } from '@switchboard/mcp-runtime/types';
import { may, requireRight } from '../access/require.ts';
import { userIdOf, type Actor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { randomToken, sameText, sha256 } from '../secrets.ts';
import { absentServer, findServer, lockServer, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { goesElsewhere } from '../servers/targets.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { asDomainError, failureOf, reasonIn } from './failure.ts';
import { BeginSignIn, FinishSignIn, SignInAt, type SignedIn, type SignInAttempt, type SignInState } from './schema.ts';
import {
  attemptMs,
  endAttempt,
  findAttempt,
  lastAttempt,
  loadClient,
  loadGrant,
  pinnedIssuer,
  removeClient,
  storeAttempt,
  storeClient,
  storeGrant,
  takeAttempt,
  localPerson,
  userOf,
  type AttemptRow,
  type HeldGrant,
} from './store.ts';
import type { Target } from './target.ts';
import { asksPeople, signInWayOf } from './way.ts';

/** Where the answers of authorization servers come back to. */
const callbackPath = '/oauth/callback';
/** What a person waits for, in one of the two halves of a sign-in. */
const halfMs = 60_000;

/** A key may use what it may not look at; here are people alone. */
async function requireSignable(ctx: VerbCtx, id: string): Promise<ServerRow> {
  const row = await findServer(ctx, id, ['server.read', 'server.sign-in']);
  if (!row) throw absentServer(id);
  requireRight(ctx, 'server.sign-in', serverResource(row), () => absentServer(id));
  return row;
}

function requireTarget(ctx: VerbCtx, id: string): Target {
  const target = ctx.signIns.target(id);
  if (target === null) throw new DomainError('precondition', say('signInNotRemote', { id }));
  return target;
}

/** The hub's sign-in behind a request; whoever comes without one is the hub's only person. */
function sessionOf(actor: Actor): string {
  return sha256(actor.type === 'user' ? actor.sessionId : actor.type);
}

function told({ row }: HeldGrant): SignedIn {
  return { issuer: row.issuer, scope: row.scope, since: row.createdAt };
}

function toldAttempt(row: AttemptRow, now: number): SignInAttempt {
  const isOpen = row.endedAt === null && now - row.createdAt.getTime() < attemptMs;
  const state = row.failure !== null ? 'failed' : row.endedAt !== null ? 'done' : isOpen ? 'open' : 'failed';
  return {
    at: row.createdAt,
    shared: row.shared,
    state,
    steps: row.steps as SignInStep[],
    failure: row.failure as Reason | null,
  };
}

/** Where the caller is with signing in to a server. */
export const getSignIn = verb(
  { name: 'server.sign-in', access: 'read', input: SignInAt },
  async (ctx, { id }): Promise<SignInState> => {
    const row = await requireSignable(ctx, id);
    const who = signInWayOf(row);
    const of = sideOf(ctx, row);
    const can = mayChange(ctx, row);
    const held = await loadGrant(ctx, of.serverId, of.person);
    const own = await lastAttempt(ctx, row.id, userIdOf(ctx.actor));
    // What the hub did for everybody is nobody's own.
    const isForAll = who !== 'person' && may(ctx, 'server.configure', serverResource(row));
    const hubs = isForAll ? await lastAttempt(ctx, row.id, null) : null;
    const attempt = hubs !== null && (own === null || own.createdAt < hubs.createdAt) ? hubs : own;
    const asked = ctx.signIns.wanted(of);
    const isNew = asked !== null && (held === null || held.row.createdAt.getTime() < asked.at);
    return {
      who,
      wanted: isNew || (held === null && asksPeople(row)),
      more: isNew && asked.challenge.status === 403,
      held: held === null ? false : can ? told(held) : true,
      can,
      attempt: attempt && toldAttempt(attempt, ctx.clock.now()),
    };
  },
);

/** Whose sign-in the caller uses: one's own, or the one that everybody uses. */
function sideOf(ctx: VerbCtx, row: ServerRow): SignInOf {
  const isOwn = signInWayOf(row) === 'person';
  return { serverId: row.id, person: isOwn ? (userIdOf(ctx.actor) ?? localPerson) : null };
}

/** Everybody for oneself; what everybody uses, whoever may configure the server. */
function mayChange(ctx: VerbCtx, row: ServerRow): boolean {
  const who = signInWayOf(row);
  return who === 'person' || (who === 'shared' && may(ctx, 'server.configure', serverResource(row)));
}

/** Whose sign-in the caller changes. */
function requireSide(ctx: VerbCtx, row: ServerRow): SignInOf {
  const who = signInWayOf(row);
  if (who === 'hub') throw new DomainError('precondition', say('signInByHub', { id: row.id }));
  if (who === 'shared') requireRight(ctx, 'server.configure', serverResource(row));
  return sideOf(ctx, row);
}

/** Finds whoever signs people in to a server; what comes back is where to send the person, null where nobody is needed. */
export const beginSignIn = verb(
  { name: 'server.sign-in', access: 'write', input: BeginSignIn, tx: false },
  async (ctx, input): Promise<{ url: string | null }> => {
    const row = await requireSignable(ctx, input.id);
    const of = requireSide(ctx, row);
    const target = requireTarget(ctx, row.id);
    const steps: SignInStep[] = [];
    const state = randomToken();
    const facts = {
      serverId: row.id,
      userId: userIdOf(ctx.actor),
      shared: of.person === null,
      session: sessionOf(ctx.actor),
      createdAt: new Date(ctx.clock.now()),
    };
    try {
      const begun = await begin(ctx, { of, target, state, origin: input.origin, steps });
      const open = { ...facts, state: sha256(state), steps, failure: null, endedAt: null };
      await inTransaction(ctx, async (tx) => {
        await requireSame(tx, row);
        await storeAttempt(tx, open, begun.pending);
      });
      ctx.audit({ id: row.id, details: { does: 'begin', issuer: begun.pending.server.issuer } });
      return { url: begun.url };
    } catch (error) {
      const ended = { ...facts, state: null, steps, failure: reasonIn(error), endedAt: new Date(ctx.clock.now()) };
      if (failureOf(error) !== null) await storeAttempt(ctx, ended, null);
      throw asDomainError(error);
    }
  },
);

/** Locks a server that stays where it was; what somebody signs in for is for nobody who moved it meanwhile. */
async function requireSame(tx: VerbCtx, before: ServerRow): Promise<void> {
  const now = await lockServer(tx, before.id);
  const isSame = !goesElsewhere(tx, before, now) && signInWayOf(before) === signInWayOf(now);
  if (!isSame) throw new DomainError('conflict', say('signInMeanwhile'));
}

interface Begin {
  of: SignInOf;
  target: Target;
  state: string;
  origin: string;
  steps: SignInStep[];
}

async function begin(ctx: VerbCtx, { of, target, state, origin, steps }: Begin) {
  const { serverId } = of;
  const { signIns } = ctx;
  const before = await loadGrant(ctx, of.serverId, of.person);
  // What it asked of everybody, before anybody had signed in, it asks of each.
  const asked = signIns.wanted(of) ?? signIns.wanted({ serverId, person: null });
  const challenge = asked?.challenge ?? null;
  const begun = await signIns.protocol.begin({
    ...target,
    challenge,
    grantedScope: challenge?.status === 403 ? (before?.grant.asked ?? null) : null,
    pinned: await pinnedIssuer(ctx, serverId),
    redirectUri: new URL(callbackPath, origin).href,
    documentUrl: signIns.documentUrl,
    state,
    known: (issuer) => loadClient(ctx, serverId, issuer),
    signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(halfMs)]),
    step: (step) => steps.push(step),
  });
  await storeClient(ctx, serverId, begun.pending.client);
  return begun;
}

/** What the person is shown after an answer: the page of the server, where the attempt stands. */
export interface FinishedSignIn {
  serverId: string;
  ok: boolean;
}

/** Redeems what the authorization server sent the person back with. */
export const finishSignIn = verb(
  { name: 'server.sign-in', access: 'write', input: FinishSignIn, tx: false },
  async (ctx, { query }): Promise<FinishedSignIn> => {
    const answer = new URLSearchParams(query);
    const attempt = await requireAttempt(ctx, answer);
    const row = await requireSignable(ctx, attempt.serverId);
    const of = requireSide(ctx, row);
    // Who signs in was changed meanwhile.
    if (attempt.shared !== (of.person === null)) throw new DomainError('not_found', say('signInStale'));
    const target = requireTarget(ctx, row.id);
    const pending = await takeAttempt(ctx, attempt);
    if (pending === null || pending.url !== target.launch.url) throw new DomainError('not_found', say('signInStale'));
    const steps = attempt.steps as SignInStep[];
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(halfMs)]);
    try {
      const asked = { ...target, pending, answer, signal, step: (step: SignInStep) => steps.push(step) };
      const grant = await ctx.signIns.protocol.finish(asked);
      const held = await inTransaction(ctx, async (tx) => {
        await requireSame(tx, row);
        const now = new Date(tx.clock.now());
        const isOpen = await endAttempt(tx, attempt.id, { steps, failure: null, endedAt: now });
        if (!isOpen) throw new DomainError('conflict', say('signInMeanwhile'));
        return storeGrant(tx, { ...of, grant, now });
      });
      ctx.signIns.use(of, held);
      ctx.audit({ id: row.id, details: { does: 'finish', issuer: grant.server.issuer, scope: grant.scope } });
      ctx.emit({ type: 'server.sign-in', id: row.id, userId: userOf(of.person) });
      if (of.person === null) ctx.afterwards(() => wake(ctx, row));
      return { serverId: row.id, ok: true };
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'unknown-client') await removeClient(ctx, row.id, pending.server.issuer);
      const ended = { steps, failure: reasonIn(error), endedAt: new Date(ctx.clock.now()) };
      await endAttempt(ctx, attempt.id, ended);
      if (failure === null) throw error;
      ctx.audit({ id: row.id, details: { does: 'fail', failure } });
      return { serverId: row.id, ok: false };
    }
  },
);

/** The attempt that an answer belongs to: one that this person began in this very sign-in at the hub, and not long ago. */
async function requireAttempt(ctx: VerbCtx, answer: URLSearchParams): Promise<AttemptRow> {
  const attempt = await findAttempt(ctx, sha256(answer.get('state') ?? ''));
  const isOwn =
    attempt !== null &&
    attempt.userId === userIdOf(ctx.actor) &&
    sameText(attempt.session, sessionOf(ctx.actor)) &&
    ctx.clock.now() - attempt.createdAt.getTime() < attemptMs;
  if (!isOwn) throw new DomainError('not_found', say('signInStale'));
  return attempt;
}

/** Starts a server anew: it waited for the sign-in, or may offer more with it, or less without. How long that takes is not the person's matter. */
async function wake(ctx: VerbCtx, row: ServerRow): Promise<void> {
  const { runtime } = ctx.hub;
  if (row.desired !== 'on') return;
  void runtime.restart(row.id, new AbortController().signal).catch(() => undefined);
}

/** Ends a sign-in, here and where it was made. */
export const endSignIn = verb(
  { name: 'server.sign-in', access: 'write', input: SignInAt, tx: false },
  async (ctx, input): Promise<{ ended: boolean }> => {
    const row = await requireSignable(ctx, input.id);
    const of = requireSide(ctx, row);
    const grant = await ctx.signIns.end(of);
    if (grant === null) return { ended: false };
    const target = ctx.signIns.target(row.id);
    const signal = AbortSignal.timeout(halfMs);
    // Whoever cannot be told learns it when the tokens end.
    if (target !== null) {
      await ctx.signIns.protocol.revoke({ ...target, grant, signal, step: () => undefined }).catch(() => undefined);
    }
    ctx.audit({ id: row.id, details: { does: 'end', issuer: grant.server.issuer } });
    ctx.emit({ type: 'server.sign-in', id: row.id, userId: userOf(of.person) });
    if (of.person === null) ctx.afterwards(() => wake(ctx, row));
    return { ended: true };
  },
);
