import type { z } from 'zod';
import { type Ctx, parseInput } from '@switchboard/core';
import type { Visible } from '../visible.ts';
import type { MakeChannelEvent } from './outbox.ts';

/** Queues an event. */
export type Push = (make: MakeChannelEvent) => void;

/** A channel as one caller asked for it. */
export interface ChannelSubscription {
  /** Throws where the caller may not follow it. */
  admit(visible: Visible): Promise<void> | void;
  /** The same when rights changed; cheap, as it is asked of every subscription then. */
  mayStill(): boolean;
  /** Tells what is, then what happens; gives the function that stops it. */
  follow(push: Push, visible: Visible): Promise<() => void> | (() => void);
}

/** Checks what was asked of a channel; throws `invalid` with each wrong field. */
export type Channel = (core: Ctx, asked: { filters?: unknown; metrics?: unknown }) => ChannelSubscription;

/** Makes a channel of the schema of what may be asked of it. */
export function channelOf<Schema extends z.ZodType>(
  schema: Schema,
  open: (core: Ctx, asked: z.output<Schema>) => ChannelSubscription,
): Channel {
  return (core, asked) => open(core, parseInput(schema, asked));
}
