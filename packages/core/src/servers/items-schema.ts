import { z } from 'zod';
import { itemTypes } from '@switchboard/db/words';
import type { CatalogNote, ItemType as RuntimeItemType } from '@switchboard/mcp-runtime/types';

export { itemTypes };

export const ItemType = z.enum(itemTypes) satisfies z.ZodType<RuntimeItemType>;
export type ItemType = z.infer<typeof ItemType>;

/** The name under which all the others of a type are switched: nothing that is offered has no name. */
export const others = '';

/** Whether items that the server adds later are enabled. */
export const SetOthers = z.object({ id: z.string().min(1).max(256), type: ItemType, enabled: z.boolean() });

/** Tool or prompt name, resource URI or URI template, as the server says it. */
export const ItemName = z
  .string()
  .min(1)
  .refine((name) => new TextEncoder().encode(name).length <= 2_000, 'must be at most 2,000 bytes');

export const SetItem = z.object({
  id: z.string().min(1).max(256),
  type: ItemType,
  name: ItemName,
  enabled: z.boolean().optional(),
  /** null = as the server says. */
  description: z.string().max(16_384).nullable().optional(),
  /** Most calls of a tool a minute, of everybody together; null = any number. */
  callsPerMinute: z.int().min(1).max(1_000_000).nullable().optional(),
});

/** One tool, prompt, resource or template: as the server says it, and what was changed here. */
export interface Item {
  type: ItemType;
  /** Tool or prompt name, URI or URI template. */
  name: string;
  title: string | null;
  /** The description in force. */
  description: string | null;
  originalDescription: string | null;
  enabled: boolean;
  /** Most calls a minute; null = any number. */
  callsPerMinute: number | null;
  /** The raw definition; unknown fields kept. */
  definition: { [key: string]: unknown };
}

export interface ServerItems {
  /** Null where the server never ran. */
  updatedAt: Date | null;
  instructions: string | null;
  /** Types of which what the server offers later stays off until somebody switches it on. */
  othersOff: ItemType[];
  tools: Item[];
  prompts: Item[];
  resources: Item[];
  templates: Item[];
  /**
   * The changes that the hub made to odd definitions: those of items that the caller sees, all for callers who may
   * configure.
   */
  notes: CatalogNote[];
}
