import type { Reason } from '@switchboard/mcp-runtime/reasons';

/** A refusal; `visible: false` means that the object must look absent. */
export interface Refusal {
  allowed: false;
  why: Reason;
  visible: boolean;
  /** The account may do nothing until it has another password: no right is what it lacks. */
  passwordDue?: true;
}

/** An answer of `decide`. */
export type Decision = { allowed: true } | Refusal;

export const yes: Decision = { allowed: true };
export function no(why: Reason, visible = true): Refusal {
  return { allowed: false, why, visible };
}
