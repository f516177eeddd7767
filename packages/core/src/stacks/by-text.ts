import { mkdir } from 'node:fs/promises';
import type { ContainerInfo } from '@switchboard/docker';
import { declaredServices } from '@switchboard/docker/rules';
import { may } from '../access/require.ts';
import { requireAllowed } from '../containers/rules.ts';
import type { Ctx } from '../context.ts';
import { auditRun } from '../engines/audited-run.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { engineOf, requireMaking, resourceOf } from '../engines/owner.ts';
import type { EngineRun } from '../engines/schema.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { checkOnDisk, type Checked } from './checked.ts';
import { changeStack, insertStack, requireFree } from './keep.ts';
import { keptScale, startOnProject, startUp } from './operations.ts';
import { locateStack, requireSameName, takenPlace } from './place.ts';
import { openEnv, projectContainers, statusOf, withScale, type StackRow } from './queries.ts';
import { StackText, type StackService } from './schema.ts';

/** A missing object that the content names is a fault of the content. */
function ended({ outcome, reason, code }: Pick<EngineRun, 'outcome' | 'reason' | 'code'>): void {
  if (outcome === 'ok') return;
  throw new DomainError(code === 'not_found' ? 'invalid' : (code ?? 'internal'), reason ?? say('composeFailed'));
}

interface Text {
  content: string;
  env: string | null;
  path: string | null;
}

/** Keeps what was checked: as a new stack, or as a change of the one there is. */
async function keep(ctx: VerbCtx, managed: ManagedEngine, { stack, model }: Checked, row: StackRow | null, text: Text) {
  return inTransaction(ctx, async (inner) => {
    const made = row
      ? await changeStack(inner, row, { content: text.content, env: text.env, scale: keptScale(ctx, row, text, model) })
      : await insertStack(inner, managed, stack, text);
    inner.audit({ id: made.id, details: { project: made.project, engine: made.engine, does: 'up' } });
    return made;
  });
}

function allowed({ refused }: Checked): boolean {
  return refused.length === 0;
}

/** An environment file that somebody put there by hand counts; it may name the project. */
async function locateUp(ctx: Ctx, managed: ManagedEngine, content: string, path: string | null) {
  const there = await locateStack(ctx, managed, { content, path });
  const lying = there.row ? openEnv(ctx, there.row) : await managed.stacks.readEnv(there.stack);
  if (there.row || lying === null) return { ...there, lying };
  return { ...(await locateStack(ctx, managed, { content, path, env: lying })), lying };
}

/** Deploys a content and answers when it is up. Its project is kept like any other stack. */
export const composeUp = verb(
  { name: 'stack.operate', access: 'write', input: StackText, tx: false },
  async (ctx, { engine, content, path = null }): Promise<{ id: string; project: string }> => {
    const managed = engineOf(ctx, engine);
    const { stack, row, taken, lying } = await locateUp(ctx, managed, content, path);
    if (taken !== null) throw takenPlace(taken);
    if (row) requireSameName(ctx, managed, row, { content, env: lying });
    else {
      requireMaking(ctx, 'stack.operate', 'stack', managed.name);
      await requireFree(ctx, managed, stack);
    }
    const checked = await checkOnDisk(ctx, managed, stack, { content, env: lying }, allowed);
    requireAllowed(checked);
    const kept = await keep(ctx, managed, checked, row, { content, env: lying, path });
    const run = startUp(ctx, managed, kept, checked, {});
    await auditRun(ctx, run, { project: kept.project, engine: kept.engine, does: 'up' });
    ended(await ctx.runs.wait(run.id));
    return { id: kept.id, project: kept.project };
  },
);

function ownOnly(ctx: Ctx, engine: string, containers: readonly ContainerInfo[]): ContainerInfo[] {
  return containers.filter((info) => may(ctx, 'container.read', resourceOf('container', engine, info)));
}

/** Removes the containers and networks that `up` made; volumes stay. Having none to remove is a success. */
export const composeDown = verb(
  { name: 'stack.operate', access: 'write', input: StackText, tx: false },
  async (ctx, { engine, content, path = null }): Promise<{ project: string }> => {
    const managed = engineOf(ctx, engine);
    const { stack, row, taken } = await locateStack(ctx, managed, { content, path });
    const { project } = stack;
    if (row) {
      const run = startOnProject(ctx, managed, row, 'down', {});
      await auditRun(ctx, run, { project, engine: managed.name, does: 'down' });
      ended(await ctx.runs.wait(run.id));
    } else if (taken === null) {
      const containers = await projectContainers(ctx, managed, project);
      if (containers.length > 0 && ownOnly(ctx, managed.name, containers).length === containers.length) {
        await mkdir(managed.stacks.root, { recursive: true, mode: 0o700 });
        const lines = managed.compose.down({ project, folder: managed.stacks.root }, { signal: ctx.signal });
        while ((await lines.next()).done !== true);
      }
    }
    if (!row) ctx.audit({ id: project, details: { project, engine: managed.name, does: 'down' } });
    return { project };
  },
);

/** The state of the services of a content, by labels; services of somebody else's project count as missing. */
export const composeStatus = verb(
  { name: 'stack.read', access: 'read', input: StackText },
  async (
    ctx,
    { engine, content, path = null },
  ): Promise<{ project: string; services: StackService[]; isRunning: boolean }> => {
    const managed = engineOf(ctx, engine);
    const declared = declaredServices(content);
    const { stack, row, taken } = await locateStack(ctx, managed, { content, path });
    const { project } = stack;
    const containers = taken === null ? ownOnly(ctx, managed.name, await projectContainers(ctx, managed, project)) : [];
    return { project, ...statusOf(ctx, managed.name, row ? withScale(declared, row) : declared, containers) };
  },
);
