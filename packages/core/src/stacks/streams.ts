import { streamed } from '../engines/allowed.ts';
import { inBatches } from '../engines/batches.ts';
import { engineOf } from '../engines/owner.ts';
import { verb } from '../verb.ts';
import { requireStack, stackResource } from './queries.ts';
import { StackLogs, type StackLogLine } from './schema.ts';

function queryOf({ tail, since, service }: { tail: number; since?: string; service?: string }) {
  return {
    tail,
    ...(since !== undefined && { since }),
    ...(service !== undefined && { service }),
  };
}

/** The last lines of its services, oldest first. */
export const stackLogs = verb(
  { name: 'stack.read', access: 'read', input: StackLogs },
  async (ctx, { id, ...query }): Promise<{ lines: StackLogLine[] }> => {
    const row = await requireStack(ctx, id);
    const { compose } = engineOf(ctx, row.engine);
    const lines: StackLogLine[] = [];
    for await (const line of compose.logs(row.project, { ...queryOf(query), signal: ctx.signal })) lines.push(line);
    function time({ time: at }: StackLogLine) {
      return at ?? '';
    }
    return { lines: lines.toSorted((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0)) };
  },
);

/** The same, then what its containers say. */
export const followStackLogs = verb(
  { name: 'stack.read', access: 'read', input: StackLogs },
  async (ctx, { id, ...query }): Promise<AsyncGenerator<StackLogLine[]>> => {
    const row = await requireStack(ctx, id);
    const { compose } = engineOf(ctx, row.engine);
    function read(signal: AbortSignal) {
      return inBatches(compose.logs(row.project, { ...queryOf(query), follow: true, signal }));
    }
    return streamed(ctx, 'stack.read', ctx.signal, read, [stackResource(row)]);
  },
);
