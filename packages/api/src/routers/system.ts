import { overview } from '@switchboard/core';
import type { ApiContext } from '../context.ts';
import { authed, router } from '../trpc.ts';

const info = ({ instance, settings }: ApiContext) => ({ ...instance, ...settings, nodeVersion: process.versions.node });

export const system = router({
  overview: authed.query(({ ctx }) => overview(ctx.core, {})),
  info: authed.query(({ ctx }) => info(ctx)),
});
