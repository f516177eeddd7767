import { z } from 'zod';
import { readReference, resourceKindNames, resourceKinds, type ResourceKindName } from '../access/resource-kinds.ts';
import { actionsOf } from '../access/scopes.ts';

const Scopes = z
  .array(
    z
      .string()
      .regex(
        /^(\*|\*:\*|(\*|[a-z-]+):(\*|read|write|execute)|read|execute|manage|[a-z-]+\.(\*|[a-z-]+))$/,
        'must be a permission such as servers:read, tools:execute, server.use, server.* or *',
      )
      .refine((scope) => actionsOf(scope).size > 0, {
        error: ({ input }) =>
          `'${String(input)}' stands for nothing: write a permission such as servers:read, containers:write, server.use, stack.* or *`,
      }),
  )
  .min(1)
  .max(64);
const Names = z.array(z.string().min(1).max(64)).max(500);
const examples = resourceKindNames.map((kind) => resourceKinds[kind].example).join(', ');
const Resources = z
  .array(
    z
      .string()
      .max(640)
      .refine((reference) => readReference(reference) !== null, {
        error: ({ input }) =>
          `'${String(input).slice(0, 100)}' names nothing that a key can be confined to: write the kind and the name, such as ${examples}`,
      }),
  )
  .max(200);

export const CreateKey = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(128, 'must be at most 128 characters'),
  expiresAt: z.date().optional(),
  /** `*`, `read`, `execute`, `manage`, `server.use`, `server.*`, `servers:read` and the like; never more than the owner may. */
  scopes: Scopes.default(['*']),
  /** MCP endpoints it may open: `all`, a server or a group; null = any. */
  endpoints: Names.nullish(),
  /** Groups whose servers it may reach; null = any. Servers and groups add up. */
  groups: Names.nullish(),
  servers: Names.nullish(),
  /** `server/tool` each; null = any. */
  tools: z
    .array(z.string().regex(/^[^/]{1,64}\/.{1,512}$/, 'must be server/tool'))
    .max(1_000)
    .nullish(),
  /** References to what is neither a server nor a group, `stack:local/web` each; they add to servers and groups. */
  resources: Resources.nullish(),
  callsPerMinute: z.int().min(1).max(1_000_000).nullish(),
});

/** Fields that are missing keep their value. */
export const UpdateKey = CreateKey.partial().extend({
  id: z.string().min(1),
  scopes: Scopes.optional(),
  expiresAt: z.date().nullable().optional(),
});

export const RevokeKey = z.object({ id: z.string().min(1) });

/** Something that a key can be confined to. */
export interface Nameable {
  kind: ResourceKindName;
  reference: string;
}

export interface ApiKey {
  id: string;
  name: string;
  /** `sbk_` and the first characters: enough to recognise it. */
  prefix: string;
  userId: string;
  username: string;
  scopes: string[];
  endpoints: string[] | null;
  groups: string[] | null;
  servers: string[] | null;
  tools: string[] | null;
  resources: string[] | null;
  callsPerMinute: number | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

export interface CreatedKey extends ApiKey {
  /** Shown once. */
  key: string;
}
