import { z } from 'zod';
import type { JsonObject, Reason } from '@switchboard/mcp-runtime/types';

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

const question = { runId: z.string().max(64), askId: z.string().max(64) };

export const AnswerInput = z.union([
  /** The result of the server's request, for example `{action: 'accept', content: {…}}`. */
  z.object({ ...question, result: z.record(z.string(), z.unknown()) }),
  /** The person does not answer; the server gets this as an error. */
  z.object({ ...question, declined: z.string().trim().min(1).max(1000) }),
]);
export type AnswerInput = z.infer<typeof AnswerInput>;

export const CallRef = z.object({ runId: z.string().min(1).max(64) });
/** `after`: the `seq` of the last event that is known. */
export const FollowCall = CallRef.extend({ after: z.int().min(0).default(0) });

export const OfServer = z.object({ serverId: z.string().min(1).max(256) });

/** The events of a call; `result` or `error` is the last. */
export type CallEvent =
  | { type: 'started'; runId: string }
  | { type: 'notification'; seq: number; method: string; params: JsonObject }
  | { type: 'ask'; seq: number; askId: string; method: string; params: JsonObject }
  /** The question is not open any more. */
  | { type: 'answered'; seq: number; askId: string }
  /** So many events before the next one are not kept any more. */
  | { type: 'gap'; seq: number; missed: number }
  | CallEnd;

/** The outcome of a call; a refusal of the server is an error of its protocol. */
export type CallEnd =
  | { type: 'result'; result: JsonObject; durationMs: number }
  | {
      type: 'error';
      code: number;
      message: string;
      /** The same as a code, where the hub says it. */
      reason?: Reason | null;
      data?: unknown;
      durationMs: number;
    };

/** A tool as the page can call it. */
export interface OfferedTool {
  type: 'tool';
  name: string;
  title: string | null;
  description: string | null;
  enabled: true;
  definition: JsonObject;
}
