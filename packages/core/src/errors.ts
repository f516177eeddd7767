import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { say } from './reasons.ts';

/** Why the domain refuses; every way in translates these codes to its own, in one table. */
export const domainErrorCodes = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'limit_exceeded',
  'precondition',
  'unavailable',
  'timeout',
  'internal',
] as const;

export type DomainErrorCode = (typeof domainErrorCodes)[number];

export interface FieldProblem {
  field: string;
  message: string;
  /** The reason of which `message` is the text, where the domain wrote it. */
  why?: Reason;
}

export interface ErrorDetails {
  /** The first field at fault, dotted (`env.API_KEY`, `args.0`). */
  field?: string;
  errors?: FieldProblem[];
  /** The given value, where it may be repeated. */
  value?: string;
  /** The right that the actor lacks. */
  needs?: string;
  [key: string]: unknown;
}

/** The only error verbs throw on purpose. Its reason is safe for users and says what would be right. */
export class DomainError extends Error {
  override name = 'DomainError';
  readonly code: DomainErrorCode;
  readonly reason: Reason;
  readonly details: ErrorDetails | undefined;
  constructor(code: DomainErrorCode, reason: Reason, details?: ErrorDetails, options?: { cause?: unknown }) {
    super(reason.text, options);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

/** That one field is at fault, in the shape every dialect can show. */
export function atField(field: string, why: Reason): ErrorDetails {
  return { field, errors: [{ field, message: why.text, why }] };
}

/** An error about one field. */
export function invalidField(field: string, why: Reason): DomainError {
  return new DomainError('invalid', say('inField', { field, reason: why }), atField(field, why));
}

export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
