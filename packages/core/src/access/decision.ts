/** An answer of `decide`; `visible: false` means that the object must look absent. */
export type Decision = { allowed: true } | { allowed: false; reason: string; visible: boolean };

export const yes: Decision = { allowed: true };
export const no = (reason: string, visible = true): Decision => ({ allowed: false, reason, visible });
