import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FoundProject } from '@switchboard/docker';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { engineOf, requireMaking, resourceOf } from '../engines/owner.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { inTransaction, verb } from '../verb.ts';
import { checkOnDisk } from './checked.ts';
import { envNames } from './env-text.ts';
import { insertStack, requireFreeFolder } from './keep.ts';
import { absentStack, findByProject, toStackDetails } from './queries.ts';
import { AdoptStack, type StackDetails } from './schema.ts';

const mostBytes = 1_048_576;

async function requireProject(ctx: Ctx, { name, compose }: ManagedEngine, project: string): Promise<FoundProject> {
  const found = (await compose.projects({ signal: ctx.signal })).find((one) => one.project === project);
  const seen = found?.containers.every((info) => may(ctx, 'container.read', resourceOf('container', name, info)));
  if (!found || !seen) throw absentStack(project);
  return found;
}

async function readSmall(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text !== null && text.length <= mostBytes ? text : null;
}

/** The files that a project was started from, where they lie on this machine and the actor may read there. */
async function readText(
  ctx: Ctx,
  { folder, files }: FoundProject,
): Promise<{ content: string; env: string | null } | null> {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0 || !may(ctx, 'container.unconfined')) return null;
  const content = await readSmall(path.resolve(folder ?? '/', file));
  if (content === null) return null;
  return { content, env: folder === null ? null : await readSmall(path.join(folder, '.env')) };
}

/** Keeps a project that was started without the hub; what runs stays as it is. */
export const adoptStack = verb(
  { name: 'stack.adopt', access: 'write', input: AdoptStack, tx: false },
  async (ctx, input): Promise<StackDetails> => {
    const managed = engineOf(ctx, input.engine);
    requireMaking(ctx, 'stack.adopt', 'stack', managed.name);
    const found = await requireProject(ctx, managed, input.project);
    if (await findByProject(ctx, managed.name, found.project)) {
      throw new DomainError('conflict', say('keptAlready', { project: found.project }), { value: found.project });
    }
    const text = input.content === undefined ? await readText(ctx, found) : { content: input.content, env: input.env };
    if (!text) {
      throw invalidField('content', say('fileUnread'));
    }
    const { isNamed: _, ...place } = managed.stacks.locate(text.content, found.project);
    const stack = { ...place, project: found.project };
    await requireFreeFolder(ctx, managed, stack);
    // It runs already: what may not be is refused when it is deployed again.
    await checkOnDisk(ctx, managed, stack, text, () => true);
    const row = await inTransaction(ctx, async (inner) => {
      const made = await insertStack(inner, managed, stack, { ...text, path: found.project, adopted: true });
      inner.audit({ id: made.id, details: { project: made.project, engine: made.engine, env: envNames(text.env) } });
      return made;
    });
    return await toStackDetails(ctx, managed, row);
  },
);
