/** A refusal; `visible: false` means that the object must look absent. */
export interface Refusal {
  allowed: false;
  reason: string;
  visible: boolean;
  /** The account may do nothing until it has another password: no right is what it lacks. */
  passwordDue?: true;
}

/** An answer of `decide`. */
export type Decision = { allowed: true } | Refusal;

export const yes: Decision = { allowed: true };
export function no(reason: string, visible = true): Refusal {
  return { allowed: false, reason, visible };
}
