import type { z } from 'zod';
import { hub } from '../dialects/kit/families.ts';
import type { Problem } from '../dialects/kit/problem.ts';
import { findProblem } from '../dialects/kit/to-problem.ts';

/** The error of an error frame. */
export interface SocketError {
  code: string;
  message: string;
  details?: unknown;
}

const nowhere = { path: [], query: [], body: null, isBodyless: true, names: {} } as const;

/** A problem in the words of the hub API's errors. */
export function toSocketError(problem: Problem): SocketError {
  const { body } = hub(problem);
  return (body as { error: SocketError }).error;
}

/** The error frame for an error that was thrown; null for a failure of the hub itself. */
export function socketErrorOf(thrown: unknown): SocketError | null {
  const problem = findProblem(thrown, nowhere, undefined);
  return problem && toSocketError(problem);
}

/** A frame that is none. */
export function notAFrame(error: z.ZodError): SocketError {
  const { path, message } = error.issues[0] ?? { path: [], message: 'is not valid' };
  const field = path.map(String).join('.');
  return { code: 'INVALID_REQUEST', message: `The frame is not valid: ${field === '' ? '' : `${field} `}${message}` };
}
