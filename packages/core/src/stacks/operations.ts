import { mkdir } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { ComposeModel, UpOptions } from '@switchboard/docker';
import { serviceLabel } from '@switchboard/docker/rules';
import { requireAllowed } from '../containers/rules.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { startEngineRun, type EngineTeller } from '../engines/runs.ts';
import type { EngineRun } from '../engines/schema.ts';
import { DomainError, messageOf } from '../errors.ts';
import type { DomainEvent } from '../events.ts';
import { say } from '../reasons.ts';
import { storable } from '../storable.ts';
import { checkOnDisk, type Checked } from './checked.ts';
import { maskOf } from './env-text.ts';
import {
  changeOf,
  declaredIn,
  labelsOf,
  onDisk,
  openEnv,
  projectContainers,
  stackResource,
  type StackRow,
} from './queries.ts';

/** Publishes the change of a run, for which no verb is active any more. */
function tell(ctx: Ctx, event: DomainEvent): void {
  ctx.events.emit(event);
  ctx.hub.tellReplicas([event]).catch((error: unknown) => {
    ctx.log.warn({ error: messageOf(error) }, 'The other hubs were not told of a change');
  });
}

type Work = (teller: EngineTeller) => Promise<Record<string, unknown> | null>;

async function saveResult(
  ctx: Ctx,
  row: StackRow,
  action: string,
  startedAt: number,
  failed: string | null,
  cancelled: boolean,
) {
  const { stacks } = tables;
  const now = ctx.clock.now();
  const lastResult = {
    action,
    outcome: cancelled ? ('cancelled' as const) : failed === null ? ('ok' as const) : ('failed' as const),
    message: failed,
    at: new Date(now).toISOString(),
    durationMs: now - startedAt,
  };
  const deployed = action === 'up' && failed === null ? { deployedAt: new Date(now) } : {};
  await ctx.db
    .update(stacks)
    .set({ lastResult, ...deployed })
    .where(eq(stacks.id, row.id));
}

/** Another hub on the database may have removed it. */
async function requireThere(ctx: Ctx, { id, project }: StackRow): Promise<void> {
  const { stacks } = tables;
  const [row] = await ctx.db.select({ id: stacks.id }).from(stacks).where(eq(stacks.id, id));
  if (!row) throw new DomainError('not_found', say('stackRemoved', { project }), { value: project });
}

/** Begins something with a stack; nothing else is done to it until its end, which the stack remembers. */
export function startRun(
  ctx: Ctx,
  row: StackRow,
  action: string,
  kind: 'stack.operate' | 'stack.remove',
  work: Work,
): EngineRun {
  const event = changeOf(row);
  const plan = { kind, engine: row.engine, subject: row.id, resource: stackResource(row), key: `stack:${row.id}` };
  const run = startEngineRun(ctx, plan, async (teller) => {
    const startedAt = ctx.clock.now();
    let failed: string | null = null;
    try {
      const result = await work(teller);
      if (kind !== 'stack.remove') await requireThere(ctx, row);
      return result;
    } catch (error) {
      failed = storable(messageOf(fromEngine(error)), 4_000);
      throw error;
    } finally {
      await saveResult(ctx, row, action, startedAt, failed, teller.signal.aborted);
      tell(ctx, event);
    }
  });
  tell(ctx, event);
  return run;
}

/** Passes on what Compose says, line by line. */
export async function tellLines({ line }: EngineTeller, lines: AsyncGenerator<string>): Promise<void> {
  for await (const text of lines) line(text);
}

/** Looks at a stack as it is kept, and leaves its files in place; throws with the name of what is refused. */
export async function prepare(ctx: Ctx, managed: ManagedEngine, row: StackRow): Promise<Checked> {
  const text = { content: row.content, env: openEnv(ctx, row) };
  function allowed({ refused }: Checked) {
    return refused.length === 0;
  }
  const checked = await checkOnDisk(ctx, managed, onDisk(managed, row), text, allowed);
  requireAllowed(checked);
  return checked;
}

export type UpChoice = Pick<UpOptions, 'services' | 'pull' | 'build' | 'forceRecreate'>;

function servicesIn({ services }: ComposeModel): Record<string, unknown> {
  return typeof services === 'object' && services !== null ? { ...services } : {};
}

/** Whether a service can have this many containers; a name that it gives its container is for one alone. */
export function canScale(model: ComposeModel, service: string, count: number): boolean {
  const services = servicesIn(model);
  const found = Object.hasOwn(services, service) ? services[service] : null;
  if (typeof found !== 'object' || found === null) return false;
  return count <= 1 || !('container_name' in found) || found.container_name === null;
}

/** How many containers its services have, as far as the model that is started has those services. */
export function upOptions(
  row: Pick<StackRow, 'ownerId' | 'scale'>,
  model: ComposeModel,
  choice: UpChoice = {},
): UpOptions {
  return {
    ...choice,
    scale: Object.fromEntries(Object.entries(row.scale).filter(([service, count]) => canScale(model, service, count))),
    labels: labelsOf(row),
  };
}

/** The scale that stays when a stack gets this content: of the services that it still has, in use or not. */
export function keptScale(
  ctx: Ctx,
  { scale }: Pick<StackRow, 'scale'>,
  { content }: { content: string },
  model: ComposeModel,
): Record<string, number> {
  const names = new Set([...declaredIn(content).map(({ name }) => name), ...Object.keys(servicesIn(model))]);
  return Object.fromEntries(Object.entries(scale).filter(([service]) => names.has(service)));
}

/** Starts exactly what was checked. */
export function startUp(
  ctx: Ctx,
  managed: ManagedEngine,
  row: StackRow,
  checked: Checked,
  choice: UpChoice,
): EngineRun {
  return startRun(ctx, row, 'up', 'stack.operate', async (teller) => {
    const { stack, model, environment, mask } = checked;
    const options = { ...upOptions(row, model, choice), environment, mask, signal: teller.signal };
    await tellLines(teller, managed.compose.up(stack, model, options));
    return null;
  });
}

/**
 * Scales a service, and stores the number once the containers run. On failure the service returns to its former number.
 */
export function startScale(
  ctx: Ctx,
  managed: ManagedEngine,
  row: StackRow,
  checked: Checked,
  { service, replicas }: { service: string; replicas: number },
): EngineRun {
  return startRun(ctx, row, 'up', 'stack.operate', async (teller) => {
    const { stack, model, environment, mask } = checked;
    function scaledTo(count: number) {
      const scale = { ...row.scale, [service]: count };
      const options = upOptions({ ...row, scale }, model, { services: [service] });
      return { ...options, environment, mask, signal: teller.signal };
    }
    const there = (await projectContainers(ctx, managed, row.project)).filter(
      ({ labels }) => labels[serviceLabel] === service,
    );
    try {
      await tellLines(teller, managed.compose.up(stack, model, scaledTo(replicas)));
    } catch (error) {
      if (there.length > 0 && !teller.signal.aborted) {
        await tellLines(teller, managed.compose.up(stack, model, scaledTo(there.length))).catch(() => undefined);
      }
      throw error;
    }
    const { stacks } = tables;
    const [now] = await ctx.db.select({ scale: stacks.scale }).from(stacks).where(eq(stacks.id, row.id));
    const scale = { ...now?.scale, [service]: replicas };
    await ctx.db.update(stacks).set({ scale }).where(eq(stacks.id, row.id));
    return null;
  });
}

/** Runs Compose on the existing objects, whatever the files say. */
export function startOnProject(
  ctx: Ctx,
  managed: ManagedEngine,
  row: StackRow,
  does: 'down' | 'stop' | 'restart',
  options: { volumes?: boolean; services?: readonly string[] },
): EngineRun {
  return startRun(ctx, row, does, 'stack.operate', async (teller) => {
    const place = onDisk(managed, row);
    await mkdir(place.folder, { recursive: true });
    const call = { ...options, mask: maskOf(openEnv(ctx, row)), signal: teller.signal };
    await tellLines(teller, managed.compose[does](place, call));
    return null;
  });
}
