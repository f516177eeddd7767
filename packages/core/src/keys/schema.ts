import { z } from 'zod';

export const CreateKey = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(128, 'must be at most 128 characters'),
  expiresAt: z.date().optional(),
  /** `*`, an action such as `server.use`, or `server.*`; never more than the owner may. */
  scopes: z
    .array(z.string().regex(/^(\*|[a-z]+\.(\*|[a-z-]+))$/, "must be '*', an action such as server.use, or server.*"))
    .min(1)
    .max(32)
    .default(['*']),
});

export const RevokeKey = z.object({ id: z.string().min(1) });

export interface ApiKey {
  id: string;
  name: string;
  /** `sbk_` and the first characters: enough to recognise it. */
  prefix: string;
  userId: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

export interface CreatedKey extends ApiKey {
  /** Shown once. */
  key: string;
}
