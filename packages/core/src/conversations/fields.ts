import { z } from 'zod';

/** No text of the database has one. */
export const noNul = /^[^\0]*$/;
/** Ids are whatever their callers chose. */
export const ConversationId = z.string().min(1, 'must not be empty').max(256).regex(noNul, 'must hold no NUL');
/** A name or id of a server, group, model or person. */
export const Name = z.string().min(1).max(256).regex(noNul, 'must hold no NUL');

export const Prompt = z.string().max(500_000, 'must be at most 500,000 characters');
export const Title = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must be at most 100 characters')
  .regex(noNul, 'must hold no NUL');
export const Tag = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(20, 'must be at most 20 characters')
  .regex(noNul, 'must hold no NUL');
export const Tags = z.array(Tag).max(10, 'must be at most 10 tags');

/** A model is offered tools of at most so many tokens, and so many of them; the others it has to search for. */
export const offeredTokens = 20_000;
export const offeredTools = 128;

/** Tools that a conversation may use: those of servers and of groups, all of them or single ones. */
export const ChosenTools = z.object({
  /** Ids, or names. */
  servers: z.array(Name).max(100).default([]),
  /** Slugs. */
  groups: z.array(Name).max(50).default([]),
  /** `server/tool` each; null: all that the servers and groups have. */
  tools: z.array(z.string().min(3).max(600)).max(1_000).nullable().default(null),
});
export type ChosenTools = z.infer<typeof ChosenTools>;

export const RunId = z.string().min(1).max(64).regex(noNul, 'must hold no NUL');
export const ByRun = z.object({ runId: RunId });
