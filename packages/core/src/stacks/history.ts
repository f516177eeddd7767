import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { diffTexts } from '../versions/diff.ts';
import { changedSecrets, listVersions, mostVersions, requireReferences, requireVersion } from '../versions/versions.ts';
import { goneNames, keepMasked } from './env-text.ts';
import { putText } from './put-text.ts';
import { openEnv, requireStack } from './queries.ts';
import { DiffStack, RestoreStack, StackRef, type StackDetails, type StackDiff, type StackVersions } from './schema.ts';
import { versionedStack } from './snapshot.ts';

/** Lists the versions of a stack, newest first. */
export const listStackVersions = verb(
  { name: 'stack.read', access: 'read', input: StackRef },
  async (ctx, { id }): Promise<StackVersions> => {
    const row = await requireStack(ctx, id);
    return { versions: await listVersions(ctx, versionedStack(row)), most: mostVersions };
  },
);

/** The difference between two versions of a stack. No version holds values of the environment file. */
export const diffStackVersions = verb(
  { name: 'stack.read', access: 'read', input: DiffStack },
  async (ctx, { id, from, to }): Promise<StackDiff> => {
    const entity = versionedStack(await requireStack(ctx, id));
    const [before, after] = [await requireVersion(ctx, entity, from), await requireVersion(ctx, entity, to)];
    return {
      content: diffTexts(before.snapshot.content, after.snapshot.content),
      env: diffTexts(before.snapshot.env ?? '', after.snapshot.env ?? ''),
      changedValues: changedSecrets(before, after),
    };
  },
);

/** The engine that a version was kept for; null where the hub has none of this name any more. */
function engineOfVersion(ctx: Ctx, name: string): ManagedEngine | null {
  return ctx.docker.engines.names().includes(name) ? ctx.docker.engines.get(name) : null;
}

function goneEngine(name: string) {
  return { field: 'engine', why: say('goneEngine', { name }) };
}

function goneValues(names: readonly string[]) {
  if (names.length === 0) return [];
  const named = names.map((name) => (name === '' ? 'a line without a name' : name)).join(', ');
  return [{ field: 'env', why: say('goneValues', { names: named }) }];
}

/**
 * Restores the texts of a version of a stack. Values of its environment file stay as they are now, because a version
 * has none. Running containers stay too, until the next deployment.
 */
export const restoreStack = verb(
  { name: 'stack.update', access: 'write', input: RestoreStack, tx: false },
  async (ctx, { id, number }): Promise<StackDetails> => {
    const row = await requireStack(ctx, id, 'stack.update');
    const { snapshot } = await requireVersion(ctx, versionedStack(row), number);
    const current = openEnv(ctx, row);
    const managed = engineOfVersion(ctx, snapshot.engine);
    const gone = snapshot.env === null ? [] : goneNames(snapshot.env, current);
    requireReferences(number, [...(managed ? [] : [goneEngine(snapshot.engine)]), ...goneValues(gone)]);
    if (!managed || snapshot.engine !== row.engine) {
      throw new DomainError('precondition', say('versionOfEngine', { number, engine: snapshot.engine }));
    }
    const env = snapshot.env === null ? null : keepMasked(snapshot.env, current);
    return await putText(ctx, managed, row, { content: snapshot.content, env, restored: number });
  },
);
