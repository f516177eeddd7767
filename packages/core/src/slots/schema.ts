import { z } from 'zod';

/** Names of slots, as they stand in `${user:NAME}`. */
export const slotNamePattern = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** Slots of one server. */
export const mostSlots = 16;
/** Characters of a value. */
export const longestValue = 8_192;

const SlotName = z
  .string()
  .regex(slotNamePattern, "must be 1 to 64 letters, digits or '_', starting with a letter or '_'");

/** Something that each person gives of their own: it stands as `${user:NAME}` where the server gets it. */
export const Slot = z.object({
  name: SlotName,
  /** What people read; empty = the name. */
  label: z.string().max(128).default(''),
  /** What it is, and where people get it. */
  description: z.string().max(1_024).default(''),
  /** Never shown again, to its own person either. */
  secret: z.boolean().default(true),
});
export type Slot = z.infer<typeof Slot>;

export const Slots = z
  .array(Slot)
  .max(mostSlots, `must have at most ${mostSlots} entries`)
  .refine((slots) => new Set(slots.map(({ name }) => name)).size === slots.length, 'must not name a slot twice');

const ServerRef = z.string().min(1).max(256);
export const BySlotServer = z.object({ id: ServerRef });

/** Values by the names of slots; null takes one away, and what is left out stays. */
export const FillSlots = z.object({
  id: ServerRef,
  values: z.record(
    SlotName,
    z
      .string()
      .min(1, 'must not be empty: give null to take the value away')
      .max(longestValue, `must be at most ${longestValue} characters`)
      .nullable(),
  ),
});

/** A slot as its own person sees it. */
export interface SlotState extends Slot {
  filled: boolean;
  /** Null where it is secret or not filled. */
  value: string | null;
}

/** What one person gave of their own for one server. */
export interface ServerSlots {
  id: string;
  name: string;
  slots: SlotState[];
  /** Names of slots that the server still waits for. */
  missing: string[];
  filledAt: Date | null;
}
