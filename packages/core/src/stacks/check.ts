import type { ComposeModel, ServiceChange } from '@switchboard/docker';
import { textOf, whyOf, type Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { fromEngine } from '../engines/errors.ts';
import { engineOf, requireMaking } from '../engines/owner.ts';
import { isDomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { diffLines } from '../versions/diff.ts';
import { checkOnDisk, imagesOf, type Checked } from './checked.ts';
import { keepMasked } from './env-text.ts';
import { requireFreeFolder } from './keep.ts';
import { upOptions } from './operations.ts';
import { locateStack, requireSameName } from './place.ts';
import { onDisk, openEnv, requireStack, type StackRow } from './queries.ts';
import { CheckStack, type StackCheck } from './schema.ts';

function servicesIn(model: ComposeModel): string[] {
  const { services } = model;
  return typeof services === 'object' && services !== null ? Object.keys(services) : [];
}

/** The changes that `up` would make; null where Compose cannot say. */
async function planOf(
  ctx: Ctx,
  managed: ManagedEngine,
  { stack, model, mask }: Checked,
  row: StackRow | null,
): Promise<ServiceChange[] | null> {
  const options = { ...upOptions(row ?? { ownerId: null, scale: {} }, model), mask, signal: ctx.signal };
  return await managed.compose.plan(stack, model, options).catch(() => null);
}

function broken(why: Reason | string, project: string | null): StackCheck {
  return {
    valid: false,
    error: textOf(why),
    errorReason: typeof why === 'string' ? null : why,
    project,
    services: [],
    images: [],
    found: [],
    refused: [],
    plan: null,
    diff: null,
  };
}

/** Looks at a content without keeping or starting anything: what it means, what it reaches for, what would change. */
export const checkStack = verb(
  { name: 'stack.read', access: 'read', input: CheckStack },
  async (ctx, { id, engine, path = null, content, env: given }): Promise<StackCheck> => {
    const row = id === undefined ? null : await requireStack(ctx, id, 'stack.update');
    const managed = engineOf(ctx, row?.engine ?? engine);
    if (!row) requireMaking(ctx, 'stack.read', 'stack', managed.name);
    const before = row && openEnv(ctx, row);
    const env = given === null ? null : keepMasked(given, before);
    try {
      if (row) requireSameName(ctx, managed, row, { content, env });
      const place = row
        ? { stack: onDisk(managed, row), row: null, taken: null }
        : await locateStack(ctx, managed, { content, path, env });
      const { stack } = place;
      const taken = place.taken ?? (place.row && say('takenByYours', { project: stack.project }));
      if (taken) return broken(taken, stack.project);
      if (!row) await requireFreeFolder(ctx, managed, stack);
      const checked = await checkOnDisk(ctx, managed, stack, { content, env }, () => false);
      return {
        valid: checked.refused.length === 0,
        error: null,
        errorReason: null,
        project: stack.project,
        services: servicesIn(checked.model),
        images: [...new Set(imagesOf(checked.model).values())],
        found: checked.found,
        refused: checked.refused,
        plan: checked.refused.length === 0 ? await planOf(ctx, managed, checked, row) : null,
        diff: row && diffLines(row.content, content),
      };
    } catch (thrown) {
      const error = fromEngine(thrown);
      if (!isDomainError(error) || (error.code !== 'invalid' && error.code !== 'conflict')) throw error;
      return broken(whyOf(error), null);
    }
  },
);
