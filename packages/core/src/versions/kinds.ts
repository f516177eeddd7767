import { z } from 'zod';
import { StackSnapshot } from '../stacks/schema.ts';

/** The stored form of each kind of entity. A kind without a row does not compile. */
export interface VersionKinds {
  /** One section of the settings. */
  configuration: Record<string, unknown>;
  graph: Record<string, unknown>;
  group: Record<string, unknown>;
  server: Record<string, unknown>;
  stack: StackSnapshot;
}
export type VersionedKind = keyof VersionKinds;

/** Reads what is kept: versions outlive the release that wrote them. */
export const snapshots: { readonly [Kind in VersionedKind]: z.ZodType<VersionKinds[Kind]> } = {
  configuration: z.record(z.string(), z.unknown()),
  graph: z.record(z.string(), z.unknown()),
  group: z.record(z.string(), z.unknown()),
  server: z.record(z.string(), z.unknown()),
  stack: StackSnapshot,
};

/** A snapshot, and by name the marks that show whether a secret value changed. */
export interface Versioned<Kind extends VersionedKind> {
  snapshot: VersionKinds[Kind];
  fingerprints: Readonly<Record<string, string>>;
}
