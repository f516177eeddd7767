import type { Issue, Problem, ProblemCode } from './problem.ts';

/** The usual status of each problem. */
export const statuses: Record<ProblemCode, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limit_exceeded: 429,
  precondition: 409,
  unavailable: 502,
  database_away: 503,
  timeout: 504,
  internal: 500,
  malformed_json: 400,
  route_not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  headers_too_large: 431,
  unsupported_media: 415,
  unsupported_coding: 415,
  rate_limited: 429,
};

/** Headers that every family answers a problem with. */
export function headersOf(problem: Problem): Record<string, string> {
  if (problem.code === 'unauthenticated') return { 'www-authenticate': 'Bearer realm="switchboard"' };
  // The rest of such a request is not read.
  if (problem.code === 'too_large' || problem.code === 'headers_too_large') return { connection: 'close' };
  if (problem.code === 'method_not_allowed') return { allow: (problem.allow ?? []).join(', ') };
  if (problem.code === 'unsupported_coding') return { 'accept-encoding': String(problem.details?.['codings']) };
  const wait = problem.details?.['retryAfterSeconds'];
  if (typeof wait === 'number') return { 'retry-after': String(Math.max(1, Math.ceil(wait))) };
  return {};
}

/** `args.0`: the field of an issue. */
export function fieldOf(issue: Issue): string {
  return issue.path.join('.');
}

/** The message of a refusal in families that have no field for the missing right. */
export function messageOf({ message, details }: Problem): string {
  const needs = details?.['needs'];
  return typeof needs === 'string' ? `${message} Needs the right ${needs}.` : message;
}

/** `name: Too short; args.0: Expected string`: for families whose errors are one text. */
export function describeIssues(problem: Problem): string {
  if (!problem.issues?.length) return messageOf(problem);
  return problem.issues
    .map((issue) => (fieldOf(issue) ? `${fieldOf(issue)}: ${issue.message}` : issue.message))
    .join('; ');
}
