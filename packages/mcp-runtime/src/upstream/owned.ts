import type { Needed, Personal } from '../personal.ts';
import type { ServerSpec } from '../types.ts';
import { CallerNeeded } from './caller-needed.ts';

/** Whose an instance is, and the name of what it was opened with. */
export interface Owned {
  readonly person: string;
  readonly stamp: string;
}

function isNeeded(value: object): value is Needed {
  return 'code' in value;
}

/** What this person's instances are opened with now; throws CallerNeeded where the person has to do something first. */
export function standingOf(personal: Personal, serverId: string, person: string): Owned {
  const stamp = personal.standing(serverId, person);
  if (typeof stamp !== 'string') throw new CallerNeeded(serverId, stamp);
  return { person, stamp };
}

/** Whether an instance that was opened so is still to be used. */
export function isCurrent(personal: Personal, serverId: string, { person, stamp }: Owned): boolean {
  return personal.standing(serverId, person) === stamp;
}

/** The spec with what is this person's in its launch; rejects with CallerNeeded. */
export async function specFor(personal: Personal, spec: ServerSpec, person: string): Promise<ServerSpec> {
  const launch = await personal.launch(spec.id, person, spec.launch);
  if (isNeeded(launch)) throw new CallerNeeded(spec.id, launch);
  return { ...spec, launch };
}
