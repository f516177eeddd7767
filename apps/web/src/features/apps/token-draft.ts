import type { FaultProfile } from '@switchboard/core/apps/schema';
import type { Inputs } from '../../lib/trpc.ts';
import { toFault, toFaultDrafts, type FaultDraft } from './fault-draft.ts';
import type { Token } from './types.ts';

/** A token as the form holds it. */
export interface TokenDraft {
  description: string;
  enabled: boolean;
  seed: string;
  profile: FaultProfile | null;
  faults: FaultDraft[];
  apps: string[];
}

export function toDraft({ description, enabled, seed, profile, faults, apps }: Token): TokenDraft {
  return { description, enabled, seed: seed ?? '', profile, faults: toFaultDrafts(faults), apps: apps.toSorted() };
}

export function toPatch({
  description,
  enabled,
  seed,
  profile,
  faults,
}: TokenDraft): Inputs['apps']['tokens']['update']['patch'] {
  return {
    description: description.trim(),
    enabled,
    seed: seed === '' ? null : seed,
    profile,
    faults: faults.map(toFault),
  };
}

/** Whether it may call other apps than before. */
export function hasOtherApps(draft: TokenDraft, token: Token): boolean {
  return JSON.stringify(draft.apps.toSorted()) !== JSON.stringify(token.apps.toSorted());
}
