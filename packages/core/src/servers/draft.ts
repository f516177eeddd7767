import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { newId } from '../secrets.ts';
import { assertNotReserved, slugFor } from '../slug.ts';
import { parseInput } from '../verb.ts';
import { usualAccount } from './accounts.ts';
import { requireContainer } from './confine.ts';
import { requireOwnProxies } from './proxy-env.ts';
import { keptEnv, openEnv, openLaunch, openMap, sealEnv, sealMap, type SecretColumn } from './queries.ts';
import type { ServerRow, NewServerRow } from './rows.ts';
import {
  CreateServer,
  secretMask,
  usualIsolation,
  type Authority,
  type ContainerSettings,
  type FormerProcess,
  type KeptContainer,
} from './schema.ts';

/** Whether the draft may be made by this actor: a process is code execution on the host. */
export function requireCreate(ctx: Ctx, draft: Pick<CreateServer, 'kind' | 'container'>): void {
  if (draft.kind === 'stdio') requireRight(ctx, 'server.run-process');
  if (draft.kind === 'container' && draft.container) requireContainer(ctx, draft.container);
}

/** Puts stored values where `***` stands; without a stored one it is refused. */
export function unmask(
  field: SecretColumn,
  given: Readonly<Record<string, string>>,
  stored: Readonly<Record<string, string>>,
): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const kept = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (value === secretMask && kept === undefined) {
      throw invalidField(
        `${field}.${name}`,
        `'${secretMask}' keeps a stored value, and none is stored: give the value itself`,
      );
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

/** Settings as they are stored: on the account of whoever acts, and with what the server was before. */
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
  const isLocal = kind === 'stdio' || kind === 'container';
  return {
    id,
    name: draft.name ?? id,
    description: draft.description ?? '',
    tags: [...new Set(draft.tags ?? [])],
    kind,
    command: draft.command ?? null,
    args: draft.args ?? [],
    env: sealEnv(ctx.secrets, id, keptEnv(draft.env ?? {}, env, shown)),
    cwd: isLocal ? (draft.cwd ?? null) : null,
    url: draft.url ?? null,
    headers: kind === 'stdio' ? null : sealed('headers'),
    container: kind === 'container' && draft.container ? { ...keptContainer(ctx, draft.container) } : null,
    secrets: kind === 'container' ? sealed('secrets') : null,
    isolation: draft.isolation ?? usualIsolation(kind),
    limits: definedOnly(draft.limits ?? {}),
    desired: draft.desired ?? 'on',
    visibility: draft.visibility ?? 'group',
    recording: draft.recording ?? 'errors',
    account: kind === 'stdio' ? (draft.account ?? usualAccount(ctx)) : 'shared',
    ownUid: null,
    allowPrivate: may(ctx, 'server.run-process'),
    revision: newId(),
    createdBy: userIdOf(ctx.actor),
    lastRestartAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

export function definedOnly(limits: Record<string, number | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

/** Checks the whole of a server after a change, as if it were new. */
export function checkWhole(ctx: Ctx, row: NewServerRow): void {
  parseInput(CreateServer, {
    id: row.id,
    name: row.name,
    kind: row.kind,
    ...openLaunch(ctx.secrets, row),
    container: row.container,
  });
}
