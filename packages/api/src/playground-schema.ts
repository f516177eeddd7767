import { z } from 'zod';
import type { JsonObject } from '@switchboard/mcp-runtime/types';

export const RunInput = z.object({
  serverId: z.string().min(1),
  method: z.enum(['tools/call', 'prompts/get', 'resources/read']),
  /** Tool or prompt name, or resource URI. */
  name: z.string().min(1).max(8192),
  arguments: z.record(z.string(), z.unknown()).default({}),
});
export type RunInput = z.infer<typeof RunInput>;

/** A stream is opened by its address, which is short: what is larger is held first, and named by its id. */
export const OpenRunInput = z.union([z.object({ heldId: z.uuid() }), RunInput]);
export type OpenRunInput = z.infer<typeof OpenRunInput>;

export const question = { runId: z.string(), askId: z.string() };

export const AnswerInput = z.union([
  /** The result of the server's request, for example `{action: 'accept', content: {…}}`. */
  z.object({ ...question, result: z.record(z.string(), z.unknown()) }),
  /** The person does not answer; the server gets this as an error. */
  z.object({ ...question, declined: z.string().trim().min(1).max(1000) }),
]);
export type AnswerInput = z.infer<typeof AnswerInput>;

/** What a run tells while it goes; `result` or `error` is the last. */
export type RunEvent =
  | { type: 'started'; runId: string }
  | { type: 'notification'; method: string; params: JsonObject }
  | { type: 'ask'; askId: string; method: string; params: JsonObject }
  | { type: 'result'; result: JsonObject; durationMs: number }
  | { type: 'error'; code: number; message: string; data?: unknown; durationMs: number };
