import { z } from 'zod';
import { CreateKey } from '@switchboard/core/keys/schema';
import { moment } from '../kit/words.ts';

/** API keys and second factors, which the document of the hub API does not have. */

const timestamp = z.iso.datetime();
const { name, endpoints, groups, servers, tools, resources, callsPerMinute } = CreateKey.shape;

const Permissions = CreateKey.shape.scopes.unwrap().meta({
  description:
    'What the key may do, never more than its account: `*`; a right (`server.use`) or all of a kind of object (`stack.*`); `read`, `execute` or `manage` for all rights of that kind; or words as accounts have them, `servers:read`, `containers:write`, `tools:execute`, where `read` looks, `execute` also uses and `write` also changes. The rights are those that the routes name as needed',
});

const Resources = resources.meta({
  description:
    'Resources that the key is confined to, each as its kind and its name: `engine:local`, `stack:local/web`, `container:local/web-1`, `image:local/nginx:1.27`, `volume:local/data`, `network:local/front`. They add to `servers` and `groups`; a key that names resources alone reaches no server. A stack includes what is in it, an engine all that is on it; to make anything takes the engine',
});

const limits = { endpoints, groups, servers, tools, resources: Resources, callsPerMinute };

const expiry = 'A date (2030-01-31) or a time (2030-01-31T12:00:00Z); null: never';

/** Strict: a bound that is misspelt must not make a key without it. */
export const HubCreateKey = z.strictObject({
  name,
  permissions: Permissions.default(['*']),
  expiresAt: moment.nullish().meta({ description: expiry }),
  ...limits,
});
export type HubCreateKey = z.infer<typeof HubCreateKey>;
export const keyPath = { keyId: z.string().meta({ description: 'Id of the key, not the key itself' }) };
export const ByKey = z.object(keyPath);
export const HubUpdateKey = z
  .strictObject({
    name,
    permissions: Permissions,
    expiresAt: moment.nullable().meta({ description: expiry }),
    ...limits,
  })
  .partial()
  .extend(keyPath);
export type HubUpdateKey = z.infer<typeof HubUpdateKey>;

const names = z.array(z.string()).nullable();
function namesOf(what: string) {
  return names.meta({ description: `${what} that the key is confined to; null: to none` });
}
export const HubKey = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: 'The beginning of the key, to know it again' }),
    userId: z.string().meta({ description: 'Whose it is: it can do no more than this account' }),
    permissions: z.array(z.string()).meta({ description: 'As they were given; `*` for all that its account may' }),
    endpoints: namesOf('MCP endpoints'),
    groups: namesOf('Groups'),
    servers: namesOf('Servers'),
    tools: namesOf('Tools, as `server/tool`,'),
    resources: namesOf('Other resources, as `stack:local/web`,'),
    callsPerMinute: z.int().nullable().meta({ description: 'Calls of tools; null: no limit' }),
    createdAt: timestamp,
    expiresAt: timestamp.nullable().meta({ description: 'null: never' }),
    lastUsedAt: timestamp.nullable().meta({ description: 'null: it was never used' }),
  })
  .meta({ id: 'HubKey' });
export type HubKey = z.infer<typeof HubKey>;
export const HubKeys = z.object({ items: z.array(HubKey) });
export const HubNewKey = HubKey.extend({ key: z.string().meta({ description: 'Shown once' }) }).meta({
  id: 'HubNewKey',
});

const password = z.string().min(1).max(1_024).meta({ description: 'The password of the account, once more' });
export const HubEnableMfa = z.object({
  type: z.literal('totp').default('totp'),
  appName: z.string().max(64).optional(),
  password,
});
export const HubMfaEnrolment = z.object({
  type: z.literal('totp'),
  secret: z.string(),
  uri: z.string(),
  qrCode: z.string().meta({ description: 'An SVG image' }),
});
export const HubMfaCode = z.object({ code: z.string().min(1).max(16) });
export const HubMfaPassword = z.object({ password });
export const HubMfaEnabled = z.object({ enabled: z.literal(true), recoveryCodes: z.array(z.string()) });
