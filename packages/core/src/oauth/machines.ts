import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId, randomToken } from '../secrets.ts';
import { allServers } from '../selection.ts';
import { verb } from '../verb.ts';
import { isEndpoint, pathOfEndpoint } from './endpoints.ts';
import { endGrant, grantsOf, requireGrant, toGrant } from './grants.ts';
import { ById, CreateMachine, ListGrants, type CreatedMachine, type OauthGrant, type OauthMachine } from './schema.ts';
import { accountOf, checkGrantBounds, requireRoom } from './verbs.ts';

const { oauthClients, oauthGrants, users } = tables;

function toMachine({ client, ...grant }: OauthGrant): OauthMachine {
  return { ...grant, name: client.name, clientId: client.id };
}

/** The place that a client secret is sealed for. */
export function secretPlace(clientId: string) {
  return { table: 'oauth_clients', row: clientId, column: 'secret' };
}

async function requireEndpoint(ctx: Ctx, endpoint: string | null): Promise<string> {
  const id = endpoint ?? allServers;
  if (!(await isEndpoint(ctx, id))) throw invalidField('endpoint', say('notSeen', { name: id }));
  return id;
}

/** Lists the machine clients of one person. */
export const listMachines = verb(
  { name: 'grant.read', access: 'read', input: ListGrants },
  async (ctx, input): Promise<OauthMachine[]> =>
    (await grantsOf(ctx, input.userId ?? userIdOf(ctx.actor) ?? '', true)).map(toMachine),
);

/** Makes a client for client credentials with its grant. The secret is in this answer and nowhere else. */
export const createMachine = verb(
  { name: 'grant.create', access: 'write', input: CreateMachine.extend({ ownUrl: z.string() }) },
  async (ctx, input): Promise<CreatedMachine> => {
    const userId = accountOf(ctx);
    await requireRoom(ctx, userId);
    const endpoint = await requireEndpoint(ctx, input.endpoint);
    const bounds = await checkGrantBounds(ctx, endpoint, input.bounds);
    const clientId = newId();
    const clientSecret = randomToken();
    const createdAt = new Date(ctx.clock.now());
    await ctx.db.insert(oauthClients).values({
      id: clientId,
      kind: 'machine',
      name: input.name,
      userId,
      payload: {
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      secret: ctx.secrets.seal(secretPlace(clientId), clientSecret),
      createdAt,
    });
    const id = newId();
    const [row] = await ctx.db
      .insert(oauthGrants)
      .values({
        id,
        userId,
        clientId,
        clientName: input.name,
        clientKind: 'machine',
        endpoint,
        resource: `${input.ownUrl}${pathOfEndpoint(endpoint)}`,
        scopes: input.scopes,
        ...bounds,
        createdAt,
      })
      .returning();
    const [user] = await ctx.db.select().from(users).where(eq(users.id, userId));
    if (!row || !user) throw new DomainError('internal', say('databaseRefused'));
    ctx.audit({ id, details: { name: input.name, clientId, endpoint, scopes: input.scopes, ...bounds } });
    ctx.emit({ type: 'grant.changed', id, userId });
    return { ...toMachine(toGrant(ctx, row, user.username)), clientSecret };
  },
);

/** Removes a machine client with its grant and tokens. */
export const removeMachine = verb(
  { name: 'grant.revoke', access: 'write', input: ById },
  async (ctx, input): Promise<{ id: string }> => {
    const row = await requireGrant(ctx, input.id);
    const { id, clientKind } = row;
    if (clientKind !== 'machine') throw new DomainError('not_found', say('noGrant', { id }), { value: id });
    await endGrant(ctx, row);
    return { id };
  },
);
