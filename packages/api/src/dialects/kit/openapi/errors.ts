import { holdersOf } from '@switchboard/core/access';
import { familyOf, isRateLimited } from '../families.ts';
import { type Issue, type Problem, type ProblemCode, repeatedParameter, unknownParameter } from '../problem.ts';
import { hasBody, needsOf, type Route } from '../route.ts';
import { type ErrorAnswer, errorSchemaOf } from './error-schemas.ts';

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

/** The titles of statuses. */
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
  502: 'The provider of the model fails',
  503: messages.unavailable,
  504: messages.timeout,
};

/** A refusal names the last right that the route asks for: the first ones are for looking. */
function problemOf(route: Route, code: RouteProblem): Problem {
  const needs = needsOf(route).at(-1);
  const refusal = needs === undefined ? '' : holdersOf(needs).refusal;
  if (code !== 'forbidden' || refusal === '') return { code, message: messages[code] };
  return { code, message: refusal, details: { needs } };
}

function invalidAt(issue: Omit<Issue, 'missing'>): Problem {
  return {
    code: 'invalid',
    message: 'The request is not valid.',
    issues: [{ ...issue, missing: false }],
  };
}

function invalidField(place: Issue['in'], field: string): Problem {
  return invalidAt({ in: place, path: [field], message: 'has the wrong type', code: 'invalid_type' });
}

function invalidFields({ example, body }: Route): Problem[] {
  const fields = body === undefined ? Object.keys(example?.body ?? {}) : [];
  return fields.length === 0 ? [invalidField('body', '')] : fields.map((field) => invalidField('body', field));
}

/** The problems that a query can have, shown at a parameter of the route. */
function queryProblems(route: Route, names: readonly string[]): Problem[] {
  const one = ['status', 'limit'].find((name) => names.includes(name)) ?? names[0];
  const misread = [
    repeatedParameter({ [one ?? 'twice']: ['', ''] }, new Set()),
    route.knowsQuery ? unknownParameter(['unknown'], names) : null,
  ].filter((problem) => problem !== null);
  if (one === undefined || !(route.errors.includes(400) || route.errors.includes(422))) return misread;
  const unknownWord = invalidAt({ in: 'query', path: [one], message: 'unknown value', code: 'invalid_value' });
  return [invalidField('query', names.includes('limit') ? 'limit' : one), unknownWord, ...misread];
}

/** A name in the path may be that of several servers. */
function namesServer(route: Route): boolean {
  return /^\/api\/(mcp\/)?servers\/\{serverId\}/.test(route.path);
}

const disabled: Problem = {
  code: 'unauthenticated',
  message: 'This account is disabled.',
  details: { disabled: true },
};

/** The problems that every route can have: with its credentials, its input and the hub. */
function generalProblems(route: Route, queryNames: readonly string[]): Problem[] {
  const codes: RouteProblem[] = ['internal', 'unavailable', 'database_away'];
  if (route.auth !== false) codes.push('unauthenticated');
  if (isRateLimited(route.path)) codes.push('rate_limited');
  if (route.stream) codes.push('limit_exceeded');
  if (namesServer(route)) codes.push('conflict');
  if (hasBody(route)) codes.push('malformed_json', 'unsupported_media', 'unsupported_coding', 'too_large');
  // The forbidden answer is about a right, or about a `Host` or `Origin` that is not the hub's: the latter is refused
  // before any route is asked.
  const problems = [...codes, 'forbidden' as const].map((code) => problemOf(route, code));
  if (route.auth !== false) problems.push(disabled);
  const inQuery = queryProblems(route, queryNames);
  if (hasBody(route)) return [...problems, ...invalidFields(route), ...inQuery];
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return [...problems, ...inPath.map((name) => invalidField('path', name)), ...inQuery];
}

/** The problems that a documented status can stand for: all but those that no route of a document has. */
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

function codeIn(body: unknown): string | null {
  const error = (body as { error?: { code?: unknown } }).error;
  return typeof error === 'object' && typeof error.code === 'string' ? error.code : null;
}

function exampleOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'timestamp' in body
    ? { ...body, timestamp: '2024-01-01T12:00:00.000Z' }
    : body;
}

/** The error answers of a route by status, made by its family. */
function answersOf(route: Route, queryNames: readonly string[]): Map<number, ErrorAnswer> {
  const family = familyOf(route.path);
  const answers = new Map<number, ErrorAnswer>();
  function collect(status: number, body: unknown): void {
    const known = answers.get(status) ?? { body: exampleOf(body), codes: new Set(), forms: new Set() };
    const code = codeIn(body);
    if (code !== null) known.codes.add(code);
    known.forms.add(Array.isArray((body as { detail?: unknown }).detail) ? 'list' : 'text');
    answers.set(status, known);
  }
  function add(given: Problem, isPossible: (status: number) => boolean): void {
    const { status, body } = family(given, route.answers);
    if (isPossible(status)) collect(status, body);
  }
  function isDocumented(status: number): boolean {
    return route.errors.includes(status);
  }
  for (const code of documentedProblems) add(problemOf(route, code), isDocumented);
  // Some routes distinguish a missing server from a tool that the server does not have.
  add({ code: 'not_found', message: "Server 'example' does not exist." }, isDocumented);
  for (const given of generalProblems(route, queryNames)) add(given, () => true);
  // A stopping hub answers in the family's shape, before the route is asked.
  const { body } = family({ code: 'unavailable', message: 'The hub is stopping; call again.' });
  collect(503, body);
  return answers;
}

function header(description: string, type: string, required = false): Json {
  return {
    description,
    ...(required && { required }),
    schema: { type },
  };
}

/** Headers that answers of a route carry, by status. */
export function headersOf(route: Route, status: number): Record<string, Json> {
  // A hub that stops counts nobody's requests any more.
  const isCounted = status !== 503;
  return {
    ...(isRateLimited(route.path) && {
      'X-RateLimit-Limit': header('Requests that the caller may send in a minute', 'integer', isCounted),
      'X-RateLimit-Remaining': header('Requests that are left in this minute', 'integer', isCounted),
      'X-RateLimit-Reset': header('When the minute ends, in seconds since 1970', 'integer', isCounted),
    }),
    ...(status === 401 && { 'WWW-Authenticate': header('How to authenticate: `Bearer`', 'string', true) }),
    ...(status === 413 && { Connection: header('`close`: the rest of the body is not read', 'string', true) }),
    ...(status === 415 && { 'Accept-Encoding': header('Content codings that a body may have', 'string') }),
    ...(status === 429 && { 'Retry-After': header('Seconds to wait', 'integer') }),
    ...(status === 503 && { 'Retry-After': header('Seconds to wait, where the hub stops', 'integer') }),
  };
}

/** Every error answer that a route can give, typed by its family, with the codes that come under each status. */
export function errorResponses(route: Route, queryNames: readonly string[]): Record<string, Json> {
  const family = familyOf(route.path);
  const answers = [...answersOf(route, queryNames)].sort(([left], [right]) => left - right);
  return Object.fromEntries(
    answers.map(([status, answer]) => [
      String(status),
      {
        description: titles[status] ?? 'Failed',
        headers: headersOf(route, status),
        content: { 'application/json': { schema: errorSchemaOf(family, answer), example: answer.body } },
      },
    ]),
  );
}
