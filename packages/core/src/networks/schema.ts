import { z } from 'zod';
import type { NetworkInfo } from '@switchboard/docker';
import { OnEngine, Reference } from '../engines/schema.ts';

export interface Network extends NetworkInfo {
  engine: string;
  owner: string | null;
  ownerName: string | null;
  project: string | null;
}

export const ListNetworks = OnEngine.extend({ search: z.string().max(256).optional() });
export const NetworkRef = OnEngine.extend({ network: Reference });
export const CreateNetwork = OnEngine.extend({
  name: z.string().min(1).max(255),
  driver: z.string().max(255).exactOptional(),
  /** Leads nowhere outside. */
  internal: z.boolean().exactOptional(),
  attachable: z.boolean().exactOptional(),
  subnet: z.cidrv4('must be a subnet like 10.20.0.0/24').exactOptional(),
  labels: z.record(z.string().min(1).max(256), z.string().max(4_096)).exactOptional(),
});
export const PruneNetworks = OnEngine.extend({ ids: z.array(Reference).min(1).max(1_000) });
