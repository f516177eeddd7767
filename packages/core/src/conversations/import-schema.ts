import { z } from 'zod';
import { Prompt, Tags } from './fields.ts';

/** Of one round, as an export has it. */
const ImportedRound = z.object({
  content: Prompt,
  createdAt: z.iso.datetime().optional(),
  model: z.string().max(256).default(''),
  answers: z
    .array(
      z.discriminatedUnion('role', [
        z.object({
          role: z.literal('assistant'),
          content: z.string().max(2_000_000).nullable(),
          reasoning_content: z.string().max(2_000_000).optional(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().min(1).max(200),
                type: z.literal('function'),
                function: z.object({ name: z.string().min(1).max(64), arguments: z.string().max(1_000_000) }),
              }),
            )
            .max(64)
            .optional(),
        }),
        z.object({
          role: z.literal('tool'),
          tool_call_id: z.string().min(1).max(200),
          content: z.string().max(2_000_000),
        }),
      ]),
    )
    .max(500),
});

/** A conversation as an export of the hub has it. */
export const ImportConversation = z.object({
  format: z.literal('switchboard-conversation'),
  version: z.literal(1),
  title: z.string().max(100).default(''),
  tags: Tags.default([]),
  rounds: z.array(ImportedRound).min(1, 'must have a round').max(5_000),
});
export type ImportConversation = z.infer<typeof ImportConversation>;
