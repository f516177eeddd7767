import type { DomainErrorCode } from '@switchboard/core';

/** Everything that can go wrong with a request, before it takes a family's shape. */
export type ProblemCode =
  | DomainErrorCode
  /** Of all that may be unavailable the one thing that nearly every answer needs. */
  | 'database_away'
  | 'malformed_json'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'too_large'
  /** Of the URL and headers. */
  | 'headers_too_large'
  | 'unsupported_media'
  /** A content coding of the body; `details.codings` are those that can be used. */
  | 'unsupported_coding'
  | 'rate_limited';

/** One thing wrong with the input. */
export interface Issue {
  in: 'body' | 'query' | 'path';
  path: readonly (string | number)[];
  message: string;
  /** The validator's word: `invalid_type`, `too_small`, `unrecognized_keys` … */
  code: string;
  /** The type that the validator names: `string`, `array`, `int` … */
  about?: string | undefined;
  /** True where the field is absent or null. */
  missing: boolean;
  /** True where it is an empty text. */
  empty?: boolean;
}

export interface Problem {
  code: ProblemCode;
  /** Safe for users: what is wrong, and what would be right. */
  message: string;
  issues?: readonly Issue[];
  /** The request should have had a body, and has none. */
  lacksBody?: true;
  /** Methods the path answers, for `method_not_allowed`. */
  allow?: readonly string[];
  details?: Readonly<Record<string, unknown>>;
}

/** The code of an issue of a query parameter that is given twice. */
export const repeated = 'repeated';

/**
 * Problem of a query that gives a parameter more than once which is no list: it is unclear which value is meant. Null
 * for none.
 */
export function repeatedParameter(
  values: Readonly<Record<string, readonly string[]>>,
  lists: ReadonlySet<string>,
): Problem | null {
  const names = Object.keys(values).filter((name) => (values[name]?.length ?? 0) > 1 && !lists.has(name));
  if (names.length === 0) return null;
  const message = 'stands there more than once; give it once';
  const issues = names.map((name) => ({ in: 'query' as const, path: [name], message, code: repeated, missing: false }));
  return { code: 'invalid', message: 'The request is not valid.', issues };
}

/** Names that caches are passed by with; they ask for nothing. */
const namesForCaches: ReadonlySet<string> = new Set(['_']);

/**
 * Problem of a query with names that the route does not know: a filter that is misspelt must not show everything.
 * Null where all are known.
 */
export function unknownParameter(given: readonly string[], known: readonly string[]): Problem | null {
  const unknown = given.filter((name) => !known.includes(name) && !namesForCaches.has(name));
  if (unknown.length === 0) return null;
  const others = known.length === 0 ? 'it takes none' : `these can be used: ${known.join(', ')}`;
  const issues = unknown.slice(0, 50).map((name) => ({
    in: 'query' as const,
    path: [name.slice(0, 256)],
    message: `is no parameter of this route; ${others}`,
    code: 'unrecognized_keys',
    missing: false,
  }));
  return { code: 'invalid', message: 'The request is not valid.', issues };
}

/** How one way in answers a problem. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Status and, where the family has codes, code and text of one answer. */
export interface RouteAnswer {
  status?: number;
  code?: string;
  message?: string;
}

/** A route's own answers to some problems. */
export type RouteAnswers = Partial<Record<ProblemCode, RouteAnswer | ((problem: Problem) => RouteAnswer)>>;

/** The route's own answer to a problem. */
export function ownAnswer(problem: Problem, answers: RouteAnswers | undefined): RouteAnswer {
  const own = answers?.[problem.code] ?? {};
  return typeof own === 'function' ? own(problem) : own;
}

/** Gives a problem the shape of one documented API. */
export type Family = (problem: Problem, answers?: RouteAnswers) => Answer;

const noCredentials = 'Sign in, or send a bearer token or an API key.';

/** Problem of a request without valid credentials. */
export function unauthenticated(message = noCredentials): Problem {
  return { code: 'unauthenticated', message };
}

/** Whether the request brought no credentials at all, rather than some that do not count. */
export function lacksCredentials(problem: Problem): boolean {
  return problem.code === 'unauthenticated' && problem.message === noCredentials;
}

/** Problem of something the hub did not foresee; the request id finds it in the hub's own log. */
export function internal(requestId: string): Problem {
  return { code: 'internal', message: `Something went wrong in the hub. Its log tells more under ${requestId}.` };
}
