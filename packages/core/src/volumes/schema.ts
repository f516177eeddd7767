import { z } from 'zod';
import type { VolumeInfo } from '@switchboard/docker';
import { OnEngine, Reference } from '../engines/schema.ts';

export interface Volume extends VolumeInfo {
  engine: string;
  owner: string | null;
  ownerName: string | null;
  project: string | null;
}

export const ListVolumes = OnEngine.extend({
  search: z.string().max(256).optional(),
  /** Measures each, which can take long. */
  sizes: z.boolean().default(false),
});
export const VolumeRef = OnEngine.extend({ name: Reference });
export const CreateVolume = OnEngine.extend({
  name: z.string().min(1).max(255).exactOptional(),
  driver: z.string().max(255).exactOptional(),
  options: z.record(z.string().max(255), z.string().max(4_096)).exactOptional(),
  labels: z.record(z.string().min(1).max(256), z.string().max(4_096)).exactOptional(),
});
export const RemoveVolume = VolumeRef.extend({ force: z.boolean().default(false) });
export const PruneVolumes = OnEngine.extend({ names: z.array(Reference).min(1).max(1_000) });
