import { TRPCError } from '@trpc/server';
import { fromDatabase, isDatabaseAway, isDomainError } from '@switchboard/core';
import { ZodError } from 'zod';
import { shownIssues } from '../../issues.ts';
import type { Issue, Problem } from './problem.ts';

/** What the input has where an issue is; undefined where it has nothing. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let at = input;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

function toPath(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((key) => (typeof key === 'symbol' ? String(key) : key));
}

/** Where each input key comes from: what the path and query do not name is in the body. */
export interface InputPlaces {
  path: readonly string[];
  query: readonly string[];
  /** The input key that is the whole body, where there is one. */
  body: string | null;
  isBodyless: boolean;
}

function placeIssue(places: InputPlaces, raw: readonly (string | number)[]): Pick<Issue, 'in' | 'path'> {
  const first = String(raw[0] ?? '');
  if (places.path.includes(first)) return { in: 'path', path: raw };
  if (places.isBodyless || places.query.includes(first)) return { in: 'query', path: raw };
  return { in: 'body', path: first === places.body ? raw.slice(1) : raw };
}

function fromZod(error: ZodError, places: InputPlaces, input: unknown): Problem {
  // Looked up by whole keys: those that are shown may be cut.
  const found = error.issues.map(({ path, message, code }) => {
    const value = valueAt(input, path);
    return {
      path,
      message,
      code,
      missing: path.length > 0 && (value === undefined || value === null),
      empty: value === '',
    };
  });
  const issues = shownIssues(found).map((issue) => ({
    missing: false,
    ...issue,
    ...placeIssue(places, toPath(issue.path)),
  }));
  return { code: 'invalid', message: 'The request is not valid.', issues };
}

/** Names anything thrown below a documented route that got this input. Null where it is the hub's own fault. */
export function findProblem(error: unknown, places: InputPlaces, input: unknown): Problem | null {
  const cause = fromDatabase(error instanceof TRPCError ? (error.cause ?? error) : error);
  if (cause instanceof ZodError)
    return error instanceof TRPCError && error.code === 'BAD_REQUEST' ? fromZod(cause, places, input) : null;
  if (!isDomainError(cause)) return null;
  const { field, reason, errors, ...details } = cause.details ?? {};
  const told = (errors ?? []).map(({ field: at, message }) => ({ path: at === '' ? [] : at.split('.'), message }));
  const issues: Issue[] = shownIssues(told).map(({ path, message }) => ({
    ...placeIssue(places, toPath(path)),
    message,
    code: 'custom',
    missing: false,
  }));
  return {
    code: isDatabaseAway(cause) ? 'database_away' : cause.code,
    message: cause.message,
    ...(issues.length > 0 && { issues }),
    ...(Object.keys(details).length > 0 && { details }),
  };
}
