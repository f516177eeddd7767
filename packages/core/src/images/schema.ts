import { z } from 'zod';
import type { ImageDetails as EngineImageDetails, ImageSummary } from '@switchboard/docker';
import { RegistryLogin } from '../containers/schema.ts';
import { EngineName, OnEngine, Reference } from '../engines/schema.ts';

export interface Image extends ImageSummary {
  engine: string;
  /** The id of the person who built it; null for pulled images. */
  owner: string | null;
  ownerName: string | null;
}

export interface ImageDetails extends EngineImageDetails {
  engine: string;
  owner: string | null;
  ownerName: string | null;
}

export const ListImages = OnEngine.extend({ search: z.string().max(256).optional() });
export const ImageRef = z.object({ engine: EngineName, image: Reference });
export const PullImage = ImageRef.extend({ login: RegistryLogin.exactOptional() });

const RelativePath = z.string().min(1).max(1_024);
export const BuildImage = z.object({
  engine: EngineName,
  tag: Reference,
  /** A tar archive in base64, files as text, or a folder on the hub's machine. */
  context: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('archive'), base64: z.base64() }),
    z.object({
      kind: z.literal('files'),
      files: z
        .array(z.object({ path: RelativePath, text: z.string() }))
        .min(1)
        .max(500),
    }),
    z.object({ kind: z.literal('folder'), path: z.string().regex(/^\//, 'must be an absolute path').max(4_096) }),
  ]),
  dockerfile: RelativePath.exactOptional(),
  buildArgs: z.record(z.string().max(256), z.string().max(65_536)).exactOptional(),
  target: z.string().max(128).exactOptional(),
  noCache: z.boolean().default(false),
});
export type BuildImage = z.infer<typeof BuildImage>;

export const TagImage = ImageRef.extend({ as: Reference });
export const RemoveImage = ImageRef.extend({ force: z.boolean().default(false) });
/** `all`: every image without a container, not only those without a tag. */
export const PreviewPruneImages = OnEngine.extend({ all: z.boolean().default(false) });
/** Exactly these, as the preview named them. */
export const Prune = OnEngine.extend({ ids: z.array(Reference).min(1).max(1_000) });
