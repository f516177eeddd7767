import { z } from 'zod';
import type { Reason } from '@switchboard/mcp-runtime/reasons';

/** Longer files cost the parser more than a configuration is worth. */
export const longestFile = 524_288;

/** Each takes a few statements, and nobody else changes names meanwhile. */
export const mostEntries = 2_000;

export const sectionNames = [
  'settings',
  'people',
  'groups',
  'models',
  'products',
  'prompts',
  'servers',
  'graphs',
  'alerts',
  'webhooks',
  'budgets',
] as const;
export const SectionName = z.enum(sectionNames);
export type SectionName = z.infer<typeof SectionName>;

const Sections = z.array(SectionName).min(1).max(sectionNames.length).optional();

export const ExportFile = z.object({ sections: Sections });
export const PlanFile = z.object({
  text: z.string().max(longestFile),
  /** Only these of the file. */
  sections: Sections,
});
/** `hash`: of the plan that the person saw; where something changed since, nothing is applied. */
export const ApplyFile = PlanFile.extend({ hash: z.string().max(64).optional() });

export interface ExportedFile {
  text: string;
  /** The parts that no file contains, each with a reason. */
  leftOut: Record<string, string>;
}

/** `waits`: it cannot be made before its secret is given by hand. `refused`: see why. */
export type PlannedAction = 'create' | 'update' | 'unchanged' | 'waits' | 'refused';

export interface PlannedChange {
  field: string;
  before: string | null;
  after: string | null;
}

export interface PlannedEntry {
  section: SectionName;
  name: string;
  action: PlannedAction;
  changes: PlannedChange[];
  /** Places of secrets that the file has not, and that are not stored here. */
  missing: string[];
  reason: string | null;
  why: Reason | null;
}

export interface FilePlan {
  /** Of the file and of the stored entries. */
  hash: string;
  entries: PlannedEntry[];
  counts: Record<PlannedAction, number>;
  /** The number of stored entries by section that are not in the file and stay as they are. */
  kept: { section: SectionName; count: number }[];
  /** All places of secrets that have to be given by hand. */
  missing: string[];
}
