import type { BuildReads, BuildSettings } from '@switchboard/docker';
import { readDockerfile, readTriggers } from '@switchboard/docker/rules';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { requireImageUse } from './queries.ts';

/** Images on images: no honest build comes near. */
const mostImages = 200;

function refuse(unclear: readonly string[], told: Reason | string = unclear.slice(0, 5).join(' ')) {
  return new DomainError('forbidden', say('buildUnclear', { unclear: told }), { unclear: unclear.slice(0, 50) });
}

function tooMany() {
  const why = say('mostImages', { most: mostImages });
  return refuse([why.text], why);
}

function requireClear({ images, unclear }: BuildReads): string[] {
  if (unclear.length > 0) throw refuse(unclear);
  return images;
}

/**
 * Refuses images of others, and images that their build instructions (ONBUILD) read. All of them have to exist already.
 */
export async function requireImagesOfBuild(ctx: Ctx, managed: ManagedEngine, named: readonly string[]): Promise<void> {
  const left = [...named];
  const seen = new Set<string>();
  for (let image = left.shift(); image !== undefined; image = left.shift()) {
    if (seen.has(image)) continue;
    seen.add(image);
    if (seen.size > mostImages) throw tooMany();
    const found = await requireImageUse(ctx, managed, image);
    if (!found) {
      // The instructions in an image cannot be checked before it is pulled.
      const why = say('pullFirst', { reason: say('noImage', { image }) });
      throw new DomainError('conflict', why, { value: image });
    }
    const { onBuild } = found;
    if (onBuild.length > 0) left.push(...requireClear(readTriggers(onBuild)));
  }
}

/**
 * Refuses a build that reads files or images that the actor may not: images of others in FROM, COPY, RUN --mount and
 * ONBUILD, addresses in ADD, and sources that are unclear. `dockerfile` is null where it was not found.
 */
export async function requireBuildReads(
  ctx: Ctx,
  managed: ManagedEngine,
  dockerfile: string | null,
  settings: BuildSettings,
): Promise<void> {
  if (may(ctx, 'container.unconfined')) return;
  if (dockerfile === null) throw refuse(['Its Dockerfile is not one plain file in the context.']);
  await requireImagesOfBuild(ctx, managed, requireClear(readDockerfile(dockerfile, settings)));
}
