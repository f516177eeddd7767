import { z } from 'zod';
import type { oauthClientKinds } from '@switchboard/db/words';
import { mcpScopes, type McpScope } from './scopes.ts';

export { mcpScopes, type McpScope };

const Uid = z.string().regex(/^[\w-]{20,64}$/, 'must be the id of a request');
const Scopes = z.array(z.enum(mcpScopes)).min(1, 'must name at least one').max(mcpScopes.length);

/** Bounds of a grant; null or absent: none. */
const Bounds = z.object({
  servers: z.array(z.string().min(1).max(64)).min(1, 'must name at least one').max(500).nullish(),
  /** `server/tool` each. */
  tools: z
    .array(z.string().regex(/^[^/]{1,64}\/.{1,512}$/, 'must be server/tool'))
    .min(1, 'must name at least one')
    .max(1_000)
    .nullish(),
});

export const ByUid = z.object({ uid: Uid });
export const DecideRequest = ByUid.extend({
  allow: z.boolean(),
  /** Absent: all scopes of the request. */
  scopes: Scopes.optional(),
  bounds: Bounds.optional(),
});
export const ListGrants = z.object({
  /** Another person, for admins; absent: the actor. */
  userId: z.string().max(64).optional(),
});
export const ById = z.object({ id: z.string().min(1).max(64) });
export const CreateMachine = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(128, 'must be at most 128 characters'),
  /** The server or group whose endpoint it may open; null: that of all servers. */
  endpoint: z.string().min(1).max(64).nullable(),
  scopes: Scopes.default([...mcpScopes]),
  bounds: Bounds.optional(),
});

export type OauthClientKind = (typeof oauthClientKinds)[number];

export interface OauthEndpoint {
  /** Null: the endpoint of all servers. */
  slug: string | null;
  url: string;
  /** Null where the actor does not see the server or group. */
  title: string | null;
}

/** An authorization request, as the consent page shows it. */
export interface OauthRequest {
  uid: string;
  client: {
    id: string;
    name: string;
    kind: Exclude<OauthClientKind, 'machine'>;
    /** Home page from the client's metadata, not verified. */
    uri: string | null;
    /** Host of the metadata document; null for a registered client. */
    host: string | null;
  };
  redirect: {
    uri: string;
    /** Host of a web address; of any other its scheme. */
    host: string;
    /** A scheme that a program of this computer opens; null for a web address. */
    scheme: string | null;
    isLoopback: boolean;
  };
  /** What the same client has here already from this sign-in, which the answer replaces; null: nothing. */
  has: { scopes: McpScope[]; bounds: OauthGrant['bounds'] } | null;
  endpoint: OauthEndpoint;
  scopes: McpScope[];
  expiresAt: Date;
}

export interface OauthGrant {
  id: string;
  client: { id: string; name: string; kind: OauthClientKind };
  userId: string;
  username: string;
  endpoint: OauthEndpoint;
  scopes: McpScope[];
  bounds: { servers: string[] | null; tools: string[] | null };
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
}

/** A client for client credentials, with the grant of the person who made it. */
export interface OauthMachine extends Omit<OauthGrant, 'client'> {
  name: string;
  clientId: string;
}

export interface CreatedMachine extends OauthMachine {
  /** Shown once. */
  clientSecret: string;
}
