import { requireRight } from '../access/require.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { absentServer, openLaunch, openMap, requireServer, secretColumns, serverResource } from './queries.ts';
import { ById, ListLogs, logLevels, RevealSecret, type LogPage, type Server } from './schema.ts';
import { toServer } from './view.ts';

/** The newest lines that fit, oldest of them first; from the ring buffer, a failed start's included. */
export const listLogs = verb(
  { name: 'server.logs', access: 'read', input: ListLogs },
  async (ctx, input): Promise<LogPage> => {
    const row = await requireServer(ctx, input.id);
    requireRight(ctx, 'server.logs', serverResource(row), () => absentServer(input.id));
    const least = input.level ? logLevels.indexOf(input.level) : 0;
    const search = input.search?.toLowerCase();
    const matching = ctx.hub.runtime.logs(row.id).filter((line) => {
      if (logLevels.indexOf(line.level) < least) return false;
      if (input.since && line.time < input.since.getTime()) return false;
      if (input.until && line.time >= input.until.getTime()) return false;
      if (input.afterSeq !== undefined && line.seq <= input.afterSeq) return false;
      if (input.beforeSeq !== undefined && line.seq >= input.beforeSeq) return false;
      return !search || line.message.toLowerCase().includes(search);
    });
    // After a cursor one reads on; without, one wants the latest.
    const lines = input.afterSeq === undefined ? matching.slice(-input.limit) : matching.slice(0, input.limit);
    return { lines, total: matching.length, hasMore: matching.length > lines.length };
  },
);

/** Shows one stored value; each time is written down. */
export const revealSecret = verb(
  { name: 'secret.reveal', access: 'write', input: RevealSecret },
  async (ctx, input): Promise<{ value: string }> => {
    const row = await requireServer(ctx, input.id);
    requireRight(ctx, 'secret.reveal', serverResource(row), () => absentServer(input.id));
    const values = openMap(ctx.secrets, row, input.field);
    const value = Object.hasOwn(values, input.name) ? values[input.name] : undefined;
    if (value === undefined)
      throw invalidField('name', say('notAmong', { name: input.name, field: input.field, id: row.id }));
    ctx.audit({ id: row.id, details: { field: input.field, name: input.name } });
    return { value };
  },
);

/** One server with every stored value as it is; each time is written down. */
export const revealServer = verb(
  { name: 'secret.reveal', access: 'write', input: ById },
  async (ctx, input): Promise<Server> => {
    const row = await requireServer(ctx, input.id);
    requireRight(ctx, 'secret.reveal', serverResource(row), () => absentServer(input.id));
    const { env, headers, secrets } = openLaunch(ctx.secrets, row);
    const open = { env: { ...env }, headers: { ...headers }, secrets: { ...secrets } };
    ctx.audit({
      id: row.id,
      details: { fields: secretColumns.filter((field) => Object.keys(open[field]).length > 0) },
    });
    return { ...toServer(ctx, row), ...open };
  },
);
