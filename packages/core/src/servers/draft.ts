import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import { appResource, findApp } from '../apps/queries.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { findGraph, graphResource } from '../graphs/queries.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import type { Slot } from '../slots/schema.ts';
import { assertNotReserved, slugFor } from '../slug.ts';
import { parseInput } from '../verb.ts';
import { usualAccount } from './accounts.ts';
import { requireContainer } from './confine.ts';
import type { LaunchField, ServerKind } from './kinds/kind.ts';
import { hasField, kinds } from './kinds/table.ts';
import { plainOfDraft } from './plain-fields.ts';
import { requireOwnProxies } from './proxy-env.ts';
import { keptEnv, openEnv, openLaunch, openMap, sealEnv, sealMap, type SecretColumn } from './queries.ts';
import type { ServerRow, NewServerRow } from './rows.ts';
import {
  type CreateServer,
  secretMask,
  type Authority,
  type ContainerSettings,
  type FormerProcess,
  type Isolation,
  type KeptContainer,
  WholeServer,
} from './schema.ts';

/** Whether servers of a kind may be launched by this actor at all. */
export function requireKind(ctx: Ctx, kind: ServerKind): void {
  const { right } = kinds[kind];
  if (right !== null) requireRight(ctx, right);
}

/** Whether the draft may be made by this actor. */
export function requireCreate(ctx: Ctx, draft: Pick<CreateServer, 'kind' | 'container'>): void {
  requireKind(ctx, draft.kind);
  if (hasField(draft.kind, 'container') && draft.container) requireContainer(ctx, draft.container);
}

/** Whether the product or graph that the draft shows may be used by this actor. */
export async function requireShown(
  ctx: Ctx,
  { kind, app, graph }: Pick<CreateServer, 'kind' | 'app' | 'graph'>,
): Promise<void> {
  if (hasField(kind, 'app') && app) {
    const row = await findApp(ctx.db, app);
    const absent = invalidField('app', say('noApp', { app }));
    if (row?.id !== app) throw absent;
    requireRight(ctx, 'app.use', appResource(row), () => absent);
  }
  if (hasField(kind, 'graph') && graph) {
    const row = await findGraph(ctx.db, graph);
    const absent = invalidField('graph', say('noGraph', { name: graph }));
    if (row?.id !== graph) throw absent;
    requireRight(ctx, 'graph.use', graphResource(row), () => absent);
  }
}

/** Replaces `***` by the stored value; without a stored one it is refused. */
export function unmask(
  field: SecretColumn,
  given: Readonly<Record<string, string>>,
  stored: Readonly<Record<string, string>>,
): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const kept = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (value === secretMask && kept === undefined) {
      throw invalidField(`${field}.${name}`, say('keepsNothing', { mask: secretMask }));
    }
    merged[name] = value === secretMask && kept !== undefined ? kept : value;
  }
  return merged;
}

function authorityOf(ctx: Ctx): Authority {
  return {
    owner: userIdOf(ctx.actor),
    unconfined: may(ctx, 'container.unconfined'),
  };
}

/** Settings as they are stored: with the actor as the person who changed them, and with the former process settings. */
export function keptContainer(
  ctx: Ctx,
  settings: ContainerSettings,
  process: FormerProcess | null = null,
): KeptContainer {
  return { ...settings, process, authority: authorityOf(ctx) };
}

/** The row a draft becomes; `stored` lends its values to `***`. */
export function rowOf(ctx: Ctx, draft: CreateServer, stored: ServerRow | null = null): NewServerRow {
  const id = draft.id ?? slugFor(draft.name ?? '');
  assertNotReserved(id);
  const now = new Date(ctx.clock.now());
  function valuesOf(field: SecretColumn) {
    return unmask(field, draft[field] ?? {}, stored ? openMap(ctx.secrets, stored, field) : {});
  }
  function sealed(field: 'headers' | 'secrets') {
    return sealMap(ctx.secrets, id, field, valuesOf(field));
  }
  const env = valuesOf('env');
  requireOwnProxies(ctx, draft, env);
  const shown = stored ? openEnv(ctx.secrets, stored).shown : new Set<string>();
  const { kind } = draft;
  function has(field: LaunchField) {
    return hasField(kind, field);
  }
  return {
    id,
    name: draft.name ?? id,
    ...plainOfDraft(draft),
    kind,
    command: draft.command ?? null,
    args: draft.args ?? [],
    env: sealEnv(ctx.secrets, id, keptEnv(draft.env ?? {}, env, shown)),
    cwd: has('cwd') ? (draft.cwd ?? null) : null,
    url: draft.url ?? null,
    headers: has('headers') ? sealed('headers') : null,
    container: has('container') && draft.container ? { ...keptContainer(ctx, draft.container) } : null,
    secrets: has('secrets') ? sealed('secrets') : null,
    signIn: has('signIn') ? (draft.signIn ?? null) : null,
    asksSignIn: null,
    app: has('app') ? (draft.app ?? null) : null,
    reviewed: null,
    graph: has('graph') ? (draft.graph ?? null) : null,
    isolation: draft.isolation ?? usualIsolation(kind, draft.slots ?? []),
    limits: definedOnly(draft.limits ?? {}),
    account: has('account') ? (draft.account ?? usualAccount(ctx)) : 'shared',
    ownUid: null,
    allowPrivate: may(ctx, 'server.run-process'),
    revision: newId(),
    createdBy: userIdOf(ctx.actor),
    lastRestartAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Who shares a connection where nothing is said: instances of a server with slots belong to people. */
export function usualIsolation(kind: ServerKind, slots: readonly Slot[]): Isolation {
  return slots.length > 0 ? 'user' : kinds[kind].isolation;
}

export function definedOnly(limits: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

/** Checks the whole of a server after a change. */
export function checkWhole(ctx: Ctx, row: NewServerRow): void {
  parseInput(WholeServer, {
    id: row.id,
    name: row.name,
    kind: row.kind,
    ...openLaunch(ctx.secrets, row),
    container: row.container,
    signIn: row.signIn,
    app: row.app,
    graph: row.graph,
    isolation: row.isolation,
    slots: row.slots,
  });
}
