import { requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { proxyEnv } from './kinds/remote.ts';
import { kinds } from './kinds/table.ts';
import type { ServerRow } from './rows.ts';

type Env = Readonly<Record<string, string>>;

function isProxyAddress(text: string): boolean {
  const url = URL.parse(text.includes('://') ? text.trim() : `http://${text.trim()}`);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.pathname === '/' && url.search === '' && url.hash === '';
}

/**
 * Whether this actor may set the proxies of a remote server: the hub contacts them wherever they are, so only who may run
 * processes names them. Throws also where one is no address of a proxy.
 */
export function requireOwnProxies(ctx: Ctx, row: Pick<ServerRow, 'kind'>, env: Env): void {
  if (kinds[row.kind].place !== 'elsewhere') return;
  const entries = Object.entries(proxyEnv(env));
  if (entries.length === 0) return;
  requireRight(ctx, 'server.run-process');
  for (const [name, value] of entries) {
    // The value of `${NAME}` is known at the start only.
    if (name.toLowerCase() === 'no_proxy' || value.includes('${') || isProxyAddress(value)) continue;
    throw invalidField(`env.${name}`, say('mustBeProxy'));
  }
}
