import { may } from '../access/require.ts';
import { keyIdOf, userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { nameKeyOf, openHeaders, openKey, sealHeaders, sealKey } from './queries.ts';
import type { ModelRow } from './rows.ts';
import { keyMask, type CreateModel, type ModelPatch } from './schema.ts';

/** Replaces `***` by the stored value; without a stored one it is refused. */
function unmask(given: Readonly<Record<string, string>>, stored: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (value !== keyMask) return [name, value];
      const kept = Object.hasOwn(stored, name) ? stored[name] : undefined;
      if (kept !== undefined) return [name, kept];
      throw invalidField(`headers.${name}`, say('keepsNoValue'));
    }),
  );
}

/** A key that is to be stored; an empty one and `***` mean what is stored already. */
function keyOf(given: string | null | undefined, stored: string | null): string | null {
  if (given === null) return null;
  return given === undefined || given === '' || given === keyMask ? stored : given;
}

/** The target of a key: the address, and the headers that route a request further. */
function targetOf(baseUrl: string, headers: Readonly<Record<string, string>>): string {
  const routing = /^(?:host|forwarded|x-forwarded-.+|x-original-.+|x-rewrite-url)$/i;
  const told = Object.entries(headers).filter(([name]) => routing.test(name));
  return JSON.stringify([new URL(baseUrl).origin, told]);
}

/**
 * An API key must not send the provider's key elsewhere: nobody can read it with a key of the hub, so a model whose
 * address such a key changes needs its secrets again.
 */
function requireSecretsGiven(ctx: Ctx, before: ModelRow, next: ModelRow, patch: ModelPatch): void {
  if (keyIdOf(ctx.actor) === null) return;
  const stored = openHeaders(ctx.secrets, before);
  if (targetOf(before.baseUrl, stored) === targetOf(next.baseUrl, openHeaders(ctx.secrets, next))) return;
  const keepsKey =
    before.apiKey !== null && (patch.apiKey === undefined || patch.apiKey === '' || patch.apiKey === keyMask);
  const given = patch.headers;
  const keepsHeaders = before.headers !== null && (given === undefined || Object.values(given).includes(keyMask));
  if (!keepsKey && !keepsHeaders) return;
  throw new DomainError('forbidden', say('modelSecretsElsewhere', { name: before.name }), {
    field: 'base_url',
    value: before.name,
  });
}

/** The row a draft becomes. */
export function rowOf(ctx: Ctx, draft: CreateModel): ModelRow {
  if (draft.apiKey === keyMask) throw invalidField('apiKey', say('keepsNoKey'));
  const now = new Date(ctx.clock.now());
  const blank: ModelRow = {
    id: newId(),
    name: draft.name,
    nameKey: nameKeyOf(draft.name),
    protocol: null,
    baseUrl: draft.baseUrl,
    model: draft.model ?? draft.name,
    apiKey: null,
    headers: null,
    options: {},
    extraBody: {},
    kept: {},
    timeoutMs: null,
    priceIn: null,
    priceOut: null,
    contextWindow: null,
    tools: true,
    images: false,
    reasoning: false,
    toolProtocol: 'native',
    visibility: 'private',
    allowPrivate: may(ctx, 'server.run-process'),
    createdBy: userIdOf(ctx.actor),
    createdAt: now,
    updatedAt: now,
    groups: [],
  };
  return patched(ctx, blank, draft);
}

/** A row with what is given; the rest keeps its value. */
export function patched(ctx: Ctx, before: ModelRow, patch: ModelPatch): ModelRow {
  const { apiKey, headers, abilities, options, groups, ...plain } = patch;
  const next: ModelRow = { ...before };
  for (const [field, value] of Object.entries(plain)) if (value !== undefined) Object.assign(next, { [field]: value });
  next.nameKey = nameKeyOf(next.name);
  for (const [ability, value] of Object.entries(abilities ?? {})) {
    if (value !== undefined) Object.assign(next, { [ability]: value });
  }
  if (options) next.options = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (groups) next.groups = [...new Set(groups)].toSorted();
  const key = openKey(ctx.secrets, before);
  const nextKey = keyOf(apiKey, key);
  if (nextKey !== key) next.apiKey = sealKey(ctx.secrets, before.id, nextKey);
  if (headers) {
    next.headers = sealHeaders(ctx.secrets, before.id, unmask(headers, openHeaders(ctx.secrets, before)));
  }
  if (next.baseUrl !== before.baseUrl) next.allowPrivate = may(ctx, 'server.run-process');
  requireSecretsGiven(ctx, before, next, patch);
  return next;
}
