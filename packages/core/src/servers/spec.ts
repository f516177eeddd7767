import type { ServerSpec } from '@switchboard/mcp-runtime/types';
import type { Policy } from '../context.ts';
import type { Secrets } from '../secrets.ts';
import { expandLaunch } from './expand.ts';
import { openMap, type ServerRow } from './queries.ts';
import { ServerLimits } from './schema.ts';

type SpecPolicy = Pick<Policy, 'allowPrivateUrls' | 'envPassthrough'>;

/** What the runtime needs to run a server, with secrets open and names replaced; and the values nobody may see. */
export const toSpec = (
  row: Omit<ServerRow, 'seq'>,
  secrets: Secrets,
  policy: SpecPolicy,
): { spec: ServerSpec; missing: string[]; secrets: string[] } => {
  const { missing, ...launch } = expandLaunch(
    {
      command: row.command,
      args: row.args,
      env: openMap(secrets, row, 'env'),
      cwd: row.cwd,
      url: row.url,
      headers: openMap(secrets, row, 'headers'),
    },
    policy.envPassthrough,
  );
  const spec: ServerSpec = {
    id: row.id,
    revision: row.revision,
    desired: row.desired,
    isolation: row.isolation,
    limits: limitsOf(row),
    launch:
      row.kind === 'stdio'
        ? { kind: row.kind, command: launch.command ?? '', args: launch.args, env: launch.env, cwd: launch.cwd }
        : {
            kind: row.kind,
            url: launch.url ?? '',
            headers: launch.headers,
            allowPrivate: row.allowPrivate || policy.allowPrivateUrls,
          },
  };
  return { spec, missing, secrets: [...Object.values(launch.env), ...Object.values(launch.headers)] };
};

export const limitsOf = (row: Pick<ServerRow, 'limits'>): ServerLimits => ServerLimits.parse(row.limits);
