import { holdersOf } from '@switchboard/core';
import { familyOf, fastapi, hub, isRateLimited, registry } from '../families.ts';
import type { Family, Issue, Problem, ProblemCode } from '../problem.ts';
import { hasBody, needsOf, type Route } from '../route.ts';

type Json = Record<string, unknown>;

/** Messages of the examples; the other problems come before any route. */
const messages = {
  conflict: 'In conflict with the current state',
  database_away: 'The database is away; the hub waits for it',
  forbidden: 'Not allowed',
  internal: 'The operation failed',
  invalid: 'The request is not valid',
  limit_exceeded: 'Too many requests',
  malformed_json: 'The body is not valid JSON.',
  not_found: 'Not found',
  precondition: 'In conflict with the current state',
  rate_limited: 'Too many requests',
  timeout: 'The operation took too long',
  too_large: 'The body is too large',
  unauthenticated: 'No valid credentials',
  unavailable: 'Not available now',
  unsupported_coding: 'The content coding is not supported',
  unsupported_media: 'The content type is not supported',
} as const satisfies Partial<Record<ProblemCode, string>>;
type RouteProblem = keyof typeof messages;

/** What the document says to a status. */
const titles: Record<number, string> = {
  400: messages.invalid,
  401: messages.unauthenticated,
  403: messages.forbidden,
  404: messages.not_found,
  409: messages.conflict,
  413: messages.too_large,
  415: 'The content type or coding is not supported',
  422: 'A value is not valid',
  429: messages.rate_limited,
  500: messages.internal,
  503: messages.unavailable,
};

/** A refusal names the last right that the route asks for: the first ones are for looking. */
function problemOf(route: Route, code: RouteProblem): Problem {
  const needs = needsOf(route).at(-1);
  const refusal = needs === undefined ? '' : holdersOf(needs).refusal;
  if (code !== 'forbidden' || refusal === '') return { code, message: messages[code] };
  return { code, message: refusal, details: { needs } };
}

const invalidAt = (issue: Omit<Issue, 'missing'>): Problem => ({
  code: 'invalid',
  message: 'The request is not valid.',
  issues: [{ ...issue, missing: false }],
});

const invalidField = (place: Issue['in']): Problem =>
  invalidAt({ in: place, path: ['name'], message: 'must have at most 128 characters', code: 'too_big' });

const unknownWord = invalidAt({ in: 'query', path: ['status'], message: 'unknown value', code: 'invalid_value' });

const hasQuery = (route: Route): boolean => route.errors.includes(400) || route.errors.includes(422);
const hasPath = (route: Route): boolean => route.path.includes('{');

/** What can go wrong at a route whatever it does: with its credentials, its input and the hub. */
function generalProblems(route: Route): Problem[] {
  const codes: RouteProblem[] = ['internal', 'unavailable', 'database_away'];
  if (route.auth !== false) codes.push('unauthenticated', 'forbidden');
  if (isRateLimited(route.path)) codes.push('rate_limited');
  if (hasBody(route)) codes.push('malformed_json', 'unsupported_media', 'unsupported_coding', 'too_large');
  const problems = codes.map((code) => problemOf(route, code));
  if (hasBody(route)) return [...problems, invalidField('body')];
  const issues: Problem[] = hasPath(route) ? [invalidField('path')] : [];
  if (hasQuery(route)) issues.push(invalidField('query'), unknownWord);
  return [...problems, ...issues];
}

interface ErrorAnswer {
  body: unknown;
  /** Codes that the family uses under this status at this route. */
  codes: Set<string>;
  /** Whether `detail`, where the family has one, is a text or a list of issues; it may be both. */
  forms: Set<'text' | 'list'>;
}

/** What a route's documented statuses may mean: every problem but those that no route of a document has. */
const documentedProblems: readonly RouteProblem[] = [
  'conflict',
  'not_found',
  'limit_exceeded',
  'precondition',
  'invalid',
  'forbidden',
  'unauthenticated',
  'timeout',
  'unavailable',
  'internal',
];

const codeIn = (body: unknown): string | null => {
  const error = (body as { error?: { code?: unknown } }).error;
  return typeof error === 'object' && typeof error.code === 'string' ? error.code : null;
};

const exampleOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'timestamp' in body
    ? { ...body, timestamp: '2024-01-01T12:00:00.000Z' }
    : body;

/** The error answers of a route by status, made by its family. */
function answersOf(route: Route): Map<number, ErrorAnswer> {
  const family = familyOf(route.path);
  const answers = new Map<number, ErrorAnswer>();
  const add = (given: Problem, isPossible: (status: number) => boolean): void => {
    const { status, body } = family(given, route.answers);
    if (!isPossible(status)) return;
    const known = answers.get(status) ?? { body: exampleOf(body), codes: new Set(), forms: new Set() };
    const code = codeIn(body);
    if (code !== null) known.codes.add(code);
    known.forms.add(Array.isArray((body as { detail?: unknown }).detail) ? 'list' : 'text');
    answers.set(status, known);
  };
  const isDocumented = (status: number): boolean => route.errors.includes(status);
  for (const code of documentedProblems) add(problemOf(route, code), isDocumented);
  // Some routes tell a server that is not there from a tool that it does not have.
  add({ code: 'not_found', message: "Server 'example' does not exist." }, isDocumented);
  for (const given of generalProblems(route)) add(given, () => true);
  return answers;
}

const text = { type: 'string' };

/** Error bodies of the families, for the document's components. */
export const errorSchemas: Record<string, Json> = {
  HubError: {
    type: 'object',
    required: ['success', 'error', 'timestamp'],
    properties: {
      success: { const: false },
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { ...text, description: 'A word for programs' },
          message: { ...text, description: 'For people; its wording may change' },
          details: {
            type: 'object',
            description: 'What is wrong with which field',
            properties: {
              field: { ...text, description: 'The first field that is wrong, as the caller wrote it' },
              reason: text,
              needs: { ...text, description: 'Of a 403: the right that is missing' },
              errors: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['field', 'message'],
                  properties: { field: text, message: text },
                },
              },
            },
            additionalProperties: true,
          },
        },
      },
      timestamp: { ...text, format: 'date-time' },
    },
  },
  RegistryError: {
    type: 'object',
    required: ['success', 'error'],
    properties: {
      success: { const: false },
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { ...text, description: 'A word for programs' }, message: text },
      },
    },
  },
  ContainersError: { type: 'object', required: ['detail'], properties: { detail: text } },
  ContainersValidationError: {
    type: 'object',
    required: ['detail'],
    properties: {
      detail: {
        type: 'array',
        items: {
          type: 'object',
          required: ['type', 'loc', 'msg'],
          properties: {
            type: text,
            loc: {
              type: 'array',
              items: { type: ['string', 'integer'] },
              description: 'Where: body, query or path, then names',
            },
            msg: text,
          },
        },
      },
    },
  },
};

const named = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

const withCodes = (name: string, codes: ReadonlySet<string>): Json =>
  codes.size === 0
    ? named(name)
    : {
        allOf: [
          named(name),
          {
            type: 'object',
            properties: {
              error: { type: 'object', properties: { code: { type: 'string', enum: [...codes].sort() } } },
            },
          },
        ],
      };

function schemaOf(family: Family, { codes, forms }: ErrorAnswer): Json {
  if (family === hub) return withCodes('HubError', codes);
  if (family === registry) return withCodes('RegistryError', codes);
  if (family !== fastapi) return { type: 'object' };
  const schemas = [...forms]
    .sort()
    .map((form) => named(form === 'list' ? 'ContainersValidationError' : 'ContainersError'));
  return schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas };
}

const header = (description: string, type: string): Json => ({ description, schema: { type } });

/** Headers that answers of a route carry, by status. */
export function headersOf(route: Route, status: number): Record<string, Json> {
  return {
    ...(isRateLimited(route.path) && {
      'X-RateLimit-Limit': header('Requests that the caller may send in a minute', 'integer'),
      'X-RateLimit-Remaining': header('Requests that are left in this minute', 'integer'),
      'X-RateLimit-Reset': header('When the minute ends, in seconds since 1970', 'integer'),
    }),
    ...(status === 401 && { 'WWW-Authenticate': header('How to authenticate', 'string') }),
    ...(status === 429 && { 'Retry-After': header('Seconds to wait', 'integer') }),
  };
}

/** Every error answer that a route can give, typed by its family, with the codes that come under each status. */
export function errorResponses(route: Route): Record<string, Json> {
  const family = familyOf(route.path);
  const answers = [...answersOf(route)].sort(([left], [right]) => left - right);
  return Object.fromEntries(
    answers.map(([status, answer]) => [
      String(status),
      {
        description: titles[status] ?? 'Failed',
        headers: headersOf(route, status),
        content: { 'application/json': { schema: schemaOf(family, answer), example: answer.body } },
      },
    ]),
  );
}
