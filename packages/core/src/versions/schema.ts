import { z } from 'zod';

/** The number of a version: 1, 2, … of each entity. */
export const VersionNumber = z.int().min(1).max(2_147_483_647);

/** A version in lists. */
export interface VersionSummary {
  number: number;
  at: Date;
  /** The person who made the change; null for the hub's own admin, and for the state before versions were kept. */
  by: string | null;
  /** The version that was restored by this change; null where none was. */
  restored: number | null;
}

export type DiffLine = { type: 'same' | 'add' | 'remove'; text: string };

/** The difference of two texts with the lines around it; `skip` is a number of equal lines. */
export interface TextDiff {
  lines: (DiffLine | { type: 'skip'; count: number })[];
  added: number;
  removed: number;
  /** There is more than is shown. */
  isCut: boolean;
}
