import { z } from 'zod';
import { roles } from '@switchboard/core/access/schema';
import { userSorts } from '@switchboard/core/users/schema';

export const userStates = ['active', 'disabled', 'waiting'] as const;

/** What the address of the users page may carry. */
export const UsersSearch = z.object({
  q: z.string().optional().catch(undefined),
  role: z.enum(roles).optional().catch(undefined),
  state: z.enum(userStates).optional().catch(undefined),
  group: z.string().optional().catch(undefined),
  sort: z.enum(userSorts).optional().catch(undefined),
  order: z.enum(['asc', 'desc']).optional().catch(undefined),
  page: z.int().min(1).optional().catch(undefined),
});
export type UsersSearch = z.infer<typeof UsersSearch>;
