import { createHeld, type PendingObjects } from '../pending-objects.ts';
import { say } from '../reasons.ts';

/** A document and the policy that it is shown under. */
export interface Frame {
  html: string;
  policy: string;
}

/** The most frames that one person opened and no browser has fetched. */
const mostFrames = 32;

/** Holds documents until their frames ask for them. */
export function createHeldFrames(): PendingObjects<Frame> {
  return createHeld({
    most: mostFrames,
    tooMany: (number) => say('mostFrames', { number }),
    tooLarge: (size) => say('mostFramesSize', { size }),
  });
}
