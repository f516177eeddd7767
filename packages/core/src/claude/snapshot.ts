import { may } from '../access/require.ts';
import { seenContainers } from '../containers/queries.ts';
import type { Ctx } from '../context.ts';
import { engineOf } from '../engines/owner.ts';
import { imageResource } from '../images/queries.ts';

/** A prompt does not wait longer for an engine. */
const waitMs = 1_000;
/** Of each kind; further ones are counted. */
const mostListed = 200;
const mostTags = 8;
const longestName = 256;

function short(text: string): string {
  return text.slice(0, longestName).toWellFormed();
}

/** The id as people write it. */
function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

async function containersOf(ctx: Ctx) {
  if (!may(ctx, 'container.read')) return [];
  const seen = await seenContainers(ctx, engineOf(ctx, undefined));
  return seen.map(({ id, name, image, status }) => ({
    id: shortId(id),
    name: short(name),
    image: short(image),
    status,
  }));
}

async function imagesOf(ctx: Ctx) {
  if (!may(ctx, 'image.read')) return [];
  const { name, engine } = engineOf(ctx, undefined);
  const found = await engine.images.list({ signal: ctx.signal });
  return found
    .filter((image) => may(ctx, 'image.read', imageResource(name, image)))
    .map(({ id, tags, bytes }) => ({
      id: shortId(id),
      tags: tags.slice(0, mostTags).map(short),
      size_mb: Math.round(bytes / 10_000) / 100,
    }));
}

/**
 * A JSON snapshot of the containers and images that the actor sees on the default engine. Null where it sees none or
 * the engine does not answer in time: the question is worth more than its context.
 */
export async function dockerSnapshot(ctx: Ctx): Promise<string | null> {
  if (ctx.docker.engines.default === null) return null;
  const hurried: Ctx = { ...ctx, signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(waitMs)]) };
  try {
    const [containers, images] = await Promise.all([containersOf(hurried), imagesOf(hurried)]);
    if (containers.length === 0 && images.length === 0) return null;
    const leftOut = {
      containers: Math.max(0, containers.length - mostListed),
      images: Math.max(0, images.length - mostListed),
    };
    return JSON.stringify({
      timestamp: new Date(ctx.clock.now()).toISOString(),
      containers: containers.slice(0, mostListed),
      images: images.slice(0, mostListed),
      ...(leftOut.containers + leftOut.images > 0 && { left_out: leftOut }),
    });
  } catch (error) {
    ctx.log.debug({ err: error }, 'A prompt goes without the state of Docker');
    return null;
  }
}
