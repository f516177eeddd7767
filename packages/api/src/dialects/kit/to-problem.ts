import { TRPCError } from '@trpc/server';
import { ZodError, type z } from 'zod';
import { fromDatabase, isDatabaseAway, isDomainError } from '@switchboard/core';
import { shownIssues } from '../../issues.ts';
import type { Issue, Problem } from './problem.ts';

type ZodIssue = z.core.$ZodIssue;

/** The value of the input at an issue; undefined where there is none. */
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

/** The place of each input key: keys that are in neither path nor query are in the body. */
export interface InputPlaces {
  path: readonly string[];
  query: readonly string[];
  /** The input key that is the whole body, where there is one. */
  body: string | null;
  isBodyless: boolean;
  /** Names of callers by those of the domain. */
  names: Readonly<Record<string, string>>;
}

/** The caller's name for a field of the domain: a patch is the body itself, and ids are in the path. */
function callersPath({ names, path: inPath }: InputPlaces, field: string, input: unknown): string[] {
  const parts = field === '' ? [] : field.split('.');
  const [first, ...rest] = parts[0] === 'patch' ? parts.slice(1) : parts;
  if (first === undefined) return [];
  if (Object.hasOwn(names, first)) return [names[first] ?? first, ...rest];
  const isGiven = typeof input === 'object' && input !== null && Object.hasOwn(input, first);
  return [first === 'id' && !isGiven ? (inPath.at(-1) ?? first) : first, ...rest];
}

function placeIssue(places: InputPlaces, raw: readonly (string | number)[]): Pick<Issue, 'in' | 'path'> {
  const first = String(raw[0] ?? '');
  if (places.path.includes(first)) return { in: 'path', path: raw };
  // A parameter is one text, whatever it is read as.
  if (places.isBodyless || places.query.includes(first)) return { in: 'query', path: raw.slice(0, 1) };
  return { in: 'body', path: first === places.body ? raw.slice(1) : raw };
}

/** The type that the validator names in an issue. */
function aboutOf(issue: ZodIssue): string | undefined {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value')
    return 'expected' in issue ? String(issue.expected) : undefined;
  return issue.code === 'too_small' || issue.code === 'too_big' ? issue.origin : undefined;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function fromZod(error: ZodError, places: InputPlaces, input: unknown): Problem {
  // Looked up by whole keys: those that are shown may be cut.
  const found = error.issues.map((issue) => {
    const { path, message, code } = issue;
    const value = valueAt(input, path);
    const missing = path.length > 0 && (value === undefined || value === null);
    return { path, message, code, about: aboutOf(issue), missing, empty: isEmpty(value) };
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
  const { field, errors, ...details } = cause.details ?? {};
  const told = (errors ?? []).map(({ field: at, message }) => {
    const path = callersPath(places, at, input);
    return { path, message, empty: isEmpty(valueAt(input, path)) };
  });
  const issues: Issue[] = shownIssues(told).map(({ path, ...issue }) => ({
    ...issue,
    ...placeIssue(places, toPath(path)),
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
