import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isObject } from '@switchboard/basics';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { requireBuildReads, requireImagesOfBuild } from '../images/reads.ts';

const largestDockerfile = 1024 * 1024;

/** Only a plain file in the context itself: the target of a link could change after the check. */
async function dockerfileIn(context: unknown, name: unknown): Promise<string | null> {
  if (typeof context !== 'string' || !path.isAbsolute(context)) return null;
  const file = path.resolve(context, typeof name === 'string' ? name : 'Dockerfile');
  const [root, real] = await Promise.all([context, file].map((one) => realpath(one).catch(() => null)));
  if (!root || !real || !real.startsWith(`${root}/`)) return null;
  const { size } = await stat(real);
  return size > largestDockerfile ? null : await readFile(real, 'utf8');
}

/** Compose writes each `$` of a resolved text twice, so that it stays one when it is read again. */
function plain(text: string): string {
  return text.replaceAll('$$', '$');
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

const named = /^docker-image:\/\/(.+)$/;

/** Refuses what the builds of a resolved stack read and the actor may not. */
export async function requireStackBuilds(
  ctx: Ctx,
  managed: ManagedEngine,
  services: readonly Record<string, unknown>[],
): Promise<void> {
  if (may(ctx, 'container.unconfined')) return;
  for (const { build } of services) {
    if (!isObject(build)) continue;
    const contexts = textsOf(build['additional_contexts']);
    const images = Object.values(contexts).flatMap((source) => named.exec(source)?.[1] ?? []);
    const caches = Array.isArray(build['cache_from']) ? build['cache_from'].map(String) : [];
    const cached = caches.flatMap((cache) =>
      cache.includes('=') ? (/(?:^|,)ref=([^,]+)/.exec(cache)?.[1] ?? []) : [cache],
    );
    await requireImagesOfBuild(ctx, managed, [...images, ...cached]);
    const inline = build['dockerfile_inline'];
    const text = typeof inline === 'string' ? plain(inline) : await dockerfileIn(build['context'], build['dockerfile']);
    const settings = { args: textsOf(build['args']), contexts: Object.keys(contexts) };
    await requireBuildReads(ctx, managed, text, settings);
  }
}
