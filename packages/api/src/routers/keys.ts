import { z } from 'zod';
import { createKey, listKeys, listNameable, revokeKey, updateKey } from '@switchboard/core/keys';
import { CreateKey, RevokeKey, UpdateKey } from '@switchboard/core/keys/schema';
import { authed, router } from '../trpc.ts';

const CreateInput = CreateKey.extend({ expiresAt: z.coerce.date().optional() });
// Coercing null would give the year 1970.
const UpdateInput = UpdateKey.extend({ expiresAt: z.union([z.null(), z.coerce.date()]).optional() });
const ListInput = z.object({ userId: z.string().max(64).optional() });

export const keys = router({
  list: authed.input(ListInput.prefault({})).query(({ ctx, input }) => listKeys(ctx.core, input)),
  /** The objects besides servers and groups that a key can be confined to. */
  nameable: authed.query(({ ctx }) => listNameable(ctx.core, {})),
  create: authed.input(CreateInput).mutation(({ ctx, input }) => createKey(ctx.core, input)),
  update: authed.input(UpdateInput).mutation(({ ctx, input }) => updateKey(ctx.core, input)),
  revoke: authed.input(RevokeKey).mutation(({ ctx, input }) => revokeKey(ctx.core, input)),
});
