import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { allServers } from '../selection.ts';
import { findServer } from '../servers/queries.ts';
import { lockUser } from '../users/queries.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { isEndpoint, toEndpoint } from './endpoints.ts';
import {
  answerRequest,
  findRequest,
  resumeUrl,
  tieRequest,
  type RequestDetails,
  type WaitingRequest,
} from './request.ts';
import { ByUid, DecideRequest, type McpScope, type OauthRequest } from './schema.ts';
import { knownScopes } from './scopes.ts';

const { oauthGrants } = tables;

/** Most grants of one person. */
const mostGrants = 200;
/** Lifetime of a grant whose client has not taken its code yet. */
const untilTokenMs = 3_600_000;

/** The router sets it from the browser's cookie. */
const Browser = z.object({ isSameBrowser: z.boolean() });

async function requireRequest(ctx: Ctx, uid: string, isSameBrowser: boolean): Promise<WaitingRequest> {
  const request = await findRequest(ctx.db, uid, new Date(ctx.clock.now()));
  if (!request) throw new DomainError('not_found', say('noOauthRequest'));
  if (!isSameBrowser) throw new DomainError('precondition', say('oauthOfBrowser'));
  return request;
}

/** Reads the authorization request that brought the person's browser to the consent page. */
export const readRequest = verb(
  { name: 'grant.create', access: 'read', input: ByUid.extend(Browser.shape) },
  async (ctx, { uid, isSameBrowser }): Promise<OauthRequest> => {
    const request = await requireRequest(ctx, uid, isSameBrowser);
    const { details, expiresAt } = request;
    // Only the account that last read the request may answer: after a change of accounts the page is shown again.
    const userId = userIdOf(ctx.actor);
    if (details.account !== userId) await tieRequest(ctx.db, uid, userId);
    const { client, redirect, endpoint, resource, scopes } = details;
    const before = userId === null ? null : await findBefore(ctx, userId, details);
    const has = before && {
      scopes: knownScopes(before.scopes),
      bounds: { servers: before.servers, tools: before.tools },
    };
    return { uid, client, redirect, endpoint: toEndpoint(ctx, endpoint, resource), scopes, has, expiresAt };
  },
);

/** Allows or refuses the request, and gives the URL at which the browser goes on. */
export const decideRequest = verb(
  { name: 'grant.create', access: 'write', input: DecideRequest.extend(Browser.shape) },
  async (ctx, { uid, allow, isSameBrowser, scopes, bounds }): Promise<{ redirectTo: string }> => {
    const request = await requireRequest(ctx, uid, isSameBrowser);
    const { details } = request;
    if (details.account !== null && details.account !== userIdOf(ctx.actor)) {
      throw new DomainError('precondition', say('oauthOfAccount'));
    }
    const redirectTo = resumeUrl(details, uid);
    const { client, endpoint } = details;
    if (!allow) {
      const error_description = 'The person did not let the client in.';
      await answerRequest(ctx.db, uid, request, { error: 'access_denied', error_description });
      ctx.audit({ details: { name: client.name, clientId: client.id, endpoint, allowed: false } });
      return { redirectTo };
    }
    const accountId = accountOf(ctx);
    if (!(await isEndpoint(ctx, endpoint))) {
      throw new DomainError('precondition', say('oauthNoEndpoint', { name: endpoint }));
    }
    const grantId = await grant(ctx, accountId, details, {
      scopes: scopesOf(details, scopes),
      ...(await checkGrantBounds(ctx, endpoint, bounds)),
    });
    await answerRequest(ctx.db, uid, request, { login: { accountId, remember: false }, consent: { grantId } });
    return { redirectTo };
  },
);

/** A grant needs an account: the local admin of an open hub has none. */
export function accountOf(ctx: Ctx): string {
  const userId = userIdOf(ctx.actor);
  if (userId === null) throw new DomainError('precondition', say('noOwner'));
  return userId;
}

function scopesOf({ scopes: asked }: RequestDetails, chosen: readonly McpScope[] | undefined): McpScope[] {
  const foreign = chosen?.find((scope) => !asked.includes(scope));
  if (foreign !== undefined) throw invalidField('scopes', say('oauthScopeNotAsked', { scope: foreign }));
  return asked.filter((scope) => chosen?.includes(scope) ?? true);
}

export interface GrantBounds {
  servers: string[] | null;
  tools: string[] | null;
}

/** The servers behind an endpoint. */
function membersOf(ctx: Ctx, endpoint: string): string[] {
  const { directory } = ctx.access;
  if (!directory.group(endpoint)) return [endpoint];
  return directory.assignments(endpoint).map(({ serverId }) => serverId);
}

/** A bound that names nothing would leave a client that silently does nothing. */
export async function checkGrantBounds(
  ctx: Ctx,
  endpoint: string,
  given: { servers?: readonly string[] | null | undefined; tools?: readonly string[] | null | undefined } = {},
): Promise<GrantBounds> {
  const servers = given.servers ? [...new Set(given.servers)] : null;
  const members = endpoint === allServers ? null : membersOf(ctx, endpoint);
  const tools = given.tools ? [...new Set(given.tools)] : null;
  async function requireServer(field: string, name: string, id: string) {
    if ((await findServer(ctx, id))?.id !== id) throw invalidField(field, say('notSeen', { name }));
    if (members !== null && !members.includes(id)) throw invalidField(field, say('oauthOutside', { name }));
  }
  for (const id of servers ?? []) await requireServer('bounds.servers', id, id);
  for (const tool of tools ?? []) await requireServer('bounds.tools', tool, tool.slice(0, tool.indexOf('/')));
  return { servers, tools };
}

/** Grants that have not ended: those that have stay in the table until they are pruned. */
function isLive(ctx: Ctx) {
  return or(isNull(oauthGrants.expiresAt), gt(oauthGrants.expiresAt, new Date(ctx.clock.now())));
}

/** The grant that the same client has for this endpoint from the same sign-in. */
async function findBefore(ctx: Ctx, userId: string, { client, endpoint }: RequestDetails) {
  const signIn = ctx.actor.type === 'user' ? ctx.actor.sessionId : null;
  if (signIn === null) return null;
  const [before] = await ctx.db
    .select()
    .from(oauthGrants)
    .where(
      and(
        eq(oauthGrants.userId, userId),
        eq(oauthGrants.clientId, client.id),
        eq(oauthGrants.endpoint, endpoint),
        eq(oauthGrants.signIn, signIn),
        isLive(ctx),
      ),
    );
  return before ?? null;
}

/** Counts under a lock of the person's row, so that concurrent grants count each other. */
export async function requireRoom(ctx: Ctx, userId: string): Promise<void> {
  await lockUser(ctx.db, userId);
  const number = await ctx.db.$count(oauthGrants, and(eq(oauthGrants.userId, userId), isLive(ctx)));
  if (number >= mostGrants) throw new DomainError('limit_exceeded', say('mostGrants', { number, most: mostGrants }));
}

/**
 * Makes a grant, or replaces the scopes and bounds of the grant that the same client has for this endpoint from the
 * same sign-in: after a step-up the client keeps its sessions.
 */
async function grant(
  ctx: VerbCtx,
  userId: string,
  details: RequestDetails,
  given: GrantBounds & { scopes: McpScope[] },
): Promise<string> {
  await lockUser(ctx.db, userId);
  const before = await findBefore(ctx, userId, details);
  const { client, endpoint, resource } = details;
  // Each token prolongs it.
  const expiresAt = new Date(ctx.clock.now() + untilTokenMs);
  const id = before?.id ?? newId();
  if (before) {
    const prolonged = sql`greatest(${oauthGrants.expiresAt}, ${expiresAt.toISOString()}::timestamptz)`;
    const change = { ...given, clientName: client.name, resource, expiresAt: prolonged };
    await ctx.db.update(oauthGrants).set(change).where(eq(oauthGrants.id, id));
  } else {
    await requireRoom(ctx, userId);
    await ctx.db.insert(oauthGrants).values({
      id,
      userId,
      signIn: ctx.actor.type === 'user' ? ctx.actor.sessionId : null,
      clientId: client.id,
      clientName: client.name,
      clientKind: client.kind,
      endpoint,
      resource,
      ...given,
      createdAt: new Date(ctx.clock.now()),
      expiresAt,
    });
  }
  ctx.audit({ id, details: { name: client.name, clientId: client.id, endpoint, allowed: true, ...given } });
  ctx.emit({ type: 'grant.changed', id, userId });
  return id;
}
