import { may } from '@switchboard/core/access';
import { overview } from '@switchboard/core/monitoring';
import type { ApiContext } from '../context.ts';
import { authed, router } from '../trpc.ts';

function info({ core, instance, settings }: ApiContext) {
  const mayRun = may(core, 'server.run-process');
  const childEnv = settings.childEnv.map(({ name, value }) => ({ name, value: mayRun ? value : null }));
  const proxies = mayRun ? settings.proxies : null;
  const allowRegistration = core.settings.now().registration.allowed;
  return { ...instance, ...settings, allowRegistration, proxies, childEnv, nodeVersion: process.versions.node };
}

export const system = router({
  overview: authed.query(({ ctx }) => overview(ctx.core, {})),
  info: authed.query(({ ctx }) => info(ctx)),
});
