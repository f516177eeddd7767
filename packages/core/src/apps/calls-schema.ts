import { z } from 'zod';
import { SmallObject } from '../models/fields.ts';

const mostWanted = 2_048;
/** Compared with every call of the action, so it is short. */
const Wanted = SmallObject.refine(
  (value) => JSON.stringify(value).length <= mostWanted,
  `must be at most ${mostWanted} characters of JSON`,
);
const ActionName = z.string().min(1).max(128);

/** One expectation about the calls of a token. */
export const Expectation = z.union([
  z.strictObject({
    /** Called, with at least these arguments where they are given, so many times: once or more where nothing is said. */
    called: ActionName,
    with: Wanted.optional(),
    times: z.int().min(0).max(100_000).optional(),
    atLeast: z.int().min(0).max(100_000).optional(),
    atMost: z.int().min(0).max(100_000).optional(),
  }),
  z.strictObject({ never: ActionName, with: Wanted.optional() }),
  /** Called in this order, others in between or not. */
  z.strictObject({ order: z.array(ActionName).min(2).max(100) }),
  z.strictObject({
    /** Calls of any action. */
    calls: z.strictObject({
      times: z.int().min(0).optional(),
      atLeast: z.int().min(0).optional(),
      atMost: z.int().min(0).optional(),
    }),
  }),
]);
export type Expectation = z.infer<typeof Expectation>;
export const CheckCalls = z.object({
  expectations: z.array(Expectation).min(1).max(100),
  name: z.string().max(200).optional(),
});

/** A call that a token made. */
export interface TokenCall {
  number: number;
  action: string;
  arguments: unknown;
  outcome: string;
  mode: string | null;
  faults: unknown;
  at: string;
}
export interface CheckResult {
  name: string;
  passed: number;
  failed: number;
  results: { expectation: Expectation; name: string; ok: boolean; message: string | null }[];
}
