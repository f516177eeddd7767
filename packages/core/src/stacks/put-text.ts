import { requireAllowed } from '../containers/rules.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { inTransaction, type VerbCtx } from '../verb.ts';
import { checkOnDisk } from './checked.ts';
import { envNames } from './env-text.ts';
import { changeStack } from './keep.ts';
import { keptScale } from './operations.ts';
import { requireSameName } from './place.ts';
import { onDisk, openEnv, toStackDetails, type StackRow } from './queries.ts';
import type { StackDetails } from './schema.ts';

/** Gives a stack these texts after looking at them; `restored`: the version that they come from. */
export async function putText(
  ctx: VerbCtx,
  managed: ManagedEngine,
  row: StackRow,
  text: { content: string; env: string | null; restored?: number },
): Promise<StackDetails> {
  const { content, env, restored } = text;
  requireSameName(ctx, managed, row, { content, env });
  const place = onDisk(managed, row);
  const checked = await checkOnDisk(ctx, managed, place, { content, env }, ({ refused }) => refused.length === 0);
  requireAllowed(checked);
  const scale = keptScale(ctx, row, { content }, checked.model);
  const changed = await inTransaction(ctx, async (inner) => {
    const made = await changeStack(inner, row, { content, env, scale, ...(restored !== undefined && { restored }) });
    const fields = [...(content === row.content ? [] : ['content']), ...(env === openEnv(ctx, row) ? [] : ['env'])];
    const details = { project: row.project, fields, env: envNames(env), ...(restored !== undefined && { restored }) };
    inner.audit({ id: row.id, details });
    return made;
  });
  return await toStackDetails(ctx, managed, changed);
}
