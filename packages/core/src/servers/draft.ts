import { may, requireRight } from '../access/require.ts';
import { userIdOf, type Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { newId } from '../secrets.ts';
import { assertNotReserved, slugFor } from '../slug.ts';
import { openMap, sealMap, serverResource, type ServerRow } from './queries.ts';
import { CreateServer, MASK, type ServerKind } from './schema.ts';
import { parseInput } from '../verb.ts';

export type NewServerRow = Omit<ServerRow, 'seq'>;

/** Whether the draft may be made by this actor: a process is code execution on the host. */
export const requireCreate = (ctx: Ctx, kind: ServerKind): void => {
  if (kind === 'stdio') requireRight(ctx, 'server.run-process');
};

/** Puts stored values where `***` stands; without a stored one it is refused. */
export const unmask = (
  field: 'env' | 'headers',
  given: Readonly<Record<string, string>>,
  stored: Readonly<Record<string, string>>,
): Record<string, string> => {
  const merged: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const kept = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (value === MASK && kept === undefined) {
      throw invalidField(
        `${field}.${name}`,
        `'${MASK}' keeps a stored value, and none is stored: give the value itself`,
      );
    }
    merged[name] = value === MASK && kept !== undefined ? kept : value;
  }
  return merged;
};

type Map = Readonly<Record<string, string>>;

/**
 * Whoever may manage a server but not see its secrets must not have them sent elsewhere: pointed at another program
 * or address, it needs every value anew.
 */
export const requireSecretsGiven = (
  ctx: Ctx,
  stored: ServerRow,
  given: { env?: Map | undefined; headers?: Map | undefined },
): void => {
  const resource = serverResource(stored);
  if (may(ctx, 'secret.reveal', resource)) return;
  for (const field of ['env', 'headers'] as const) {
    const values = given[field];
    const keeps = values ? Object.values(values).includes(MASK) : stored[field] !== null;
    if (!keeps || stored[field] === null) continue;
    throw new DomainError(
      'forbidden',
      `You may manage '${stored.id}', not see its secrets: to point it elsewhere, give all of its ${field} anew.`,
      { field, value: stored.id },
    );
  }
};

/** The row a draft becomes; `stored` lends its values to `***`. */
export const rowOf = (ctx: Ctx, draft: CreateServer, stored: ServerRow | null = null): NewServerRow => {
  const id = draft.id ?? slugFor(draft.name ?? '');
  assertNotReserved(id);
  const now = new Date(ctx.clock.now());
  const env = unmask('env', draft.env ?? {}, stored ? openMap(ctx.secrets, stored, 'env') : {});
  const headers = unmask('headers', draft.headers ?? {}, stored ? openMap(ctx.secrets, stored, 'headers') : {});
  const isProcess = draft.kind === 'stdio';
  return {
    id,
    name: draft.name ?? id,
    description: draft.description ?? '',
    tags: [...new Set(draft.tags ?? [])],
    kind: draft.kind,
    command: draft.command ?? null,
    args: draft.args ?? [],
    env: sealMap(ctx.secrets, id, 'env', env),
    cwd: isProcess ? (draft.cwd ?? null) : null,
    url: draft.url ?? null,
    headers: isProcess ? null : sealMap(ctx.secrets, id, 'headers', headers),
    isolation: draft.isolation ?? (isProcess ? 'user' : 'session'),
    limits: definedOnly(draft.limits ?? {}),
    desired: draft.desired ?? 'on',
    visibility: draft.visibility ?? 'group',
    recording: draft.recording ?? 'none',
    allowPrivate: may(ctx, 'server.run-process'),
    revision: newId(),
    createdBy: userIdOf(ctx.actor),
    lastRestartAt: null,
    createdAt: now,
    updatedAt: now,
  };
};

export const definedOnly = (limits: Record<string, number | undefined>): Record<string, number> =>
  Object.fromEntries(Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined));

/** Checks the whole of a server after a change, as if it were new. */
export const checkWhole = (ctx: Ctx, row: NewServerRow): void => {
  parseInput(CreateServer, {
    id: row.id,
    name: row.name,
    kind: row.kind,
    command: row.command,
    args: row.args,
    env: openMap(ctx.secrets, row, 'env'),
    cwd: row.cwd,
    url: row.url,
    headers: openMap(ctx.secrets, row, 'headers'),
  });
};
