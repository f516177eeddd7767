import { createKey, listKeys, revokeKey } from '@switchboard/core';
import { CreateKey, RevokeKey } from '@switchboard/core/keys/schema';
import { z } from 'zod';
import { authed, router } from '../trpc.ts';

const CreateInput = CreateKey.extend({ expiresAt: z.coerce.date().optional() });

export const keys = router({
  list: authed.query(({ ctx }) => listKeys(ctx.core, {})),
  create: authed.input(CreateInput).mutation(({ ctx, input }) => createKey(ctx.core, input)),
  revoke: authed.input(RevokeKey).mutation(({ ctx, input }) => revokeKey(ctx.core, input)),
});
