import { type Action, holdersOf } from '@switchboard/core/access';
import { familyOf, fastapi, hub, openai, registry, simulator } from '../families.ts';
import type { ListedRoute } from '../listing.ts';
import type { Issue, Problem } from '../problem.ts';
import { hasBody, needsOf, type Route } from '../route.ts';
import { holdersText } from './rights.ts';

/** Rows of a Markdown table; the first one is its head. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  function line(cells: readonly string[]) {
    return `| ${cells.join(' | ')} |`;
  }
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

const issue: Issue = { in: 'body', path: ['name'], message: 'is wrong', code: 'invalid_type', missing: false };
const word: Issue = { ...issue, in: 'query', code: 'invalid_value' };

/** The general problems, as callers see them. */
const situations: readonly (readonly [what: string, problem: Omit<Problem, 'message'>])[] = [
  ['The body is no JSON', { code: 'malformed_json' }],
  ['The body has another content type', { code: 'unsupported_media' }],
  ['The body has another content coding', { code: 'unsupported_coding' }],
  ['The body is too large', { code: 'too_large' }],
  ['A value is wrong', { code: 'invalid', issues: [issue] }],
  ['A query has an unknown word, or a name twice', { code: 'invalid', issues: [word] }],
  ['No credentials, or wrong ones', { code: 'unauthenticated' }],
  ['The account is disabled', { code: 'unauthenticated', details: { disabled: true } }],
  ['A right is missing, or the `Host` or `Origin` is not one of the hub', { code: 'forbidden' }],
  ['It is not there, or not for you to see', { code: 'not_found' }],
  ['There is no such path', { code: 'route_not_found' }],
  ['The path has no such method (`Allow` names those it has)', { code: 'method_not_allowed' }],
  ['In conflict with what is there', { code: 'conflict' }],
  ['Too many requests (`Retry-After` says how long to wait)', { code: 'rate_limited' }],
  ['A server or an engine does not answer', { code: 'unavailable' }],
  ['The fault is in the hub', { code: 'internal' }],
  ['The database is away', { code: 'database_away' }],
];

function codeOf(body: unknown): string | null {
  const { error } = body as { error?: { code?: string } };
  return error?.code ?? null;
}

/** Routes that answer one situation with more codes than these list their own. */
const mostCodes = 4;

/** `400 \`INVALID_CONFIG\`, \`INVALID_REQUEST\`; 404 …`: every answer that the routes of an API have for a problem. */
function answersTo(problem: Problem, routes: readonly Route[]): string {
  const byStatus = new Map<number, Set<string>>();
  for (const route of routes) {
    const { status, body } = familyOf(route.path)(problem, route.answers);
    const codes = byStatus.get(status) ?? new Set();
    const code = codeOf(body);
    byStatus.set(status, code === null ? codes : codes.add(code));
  }
  const told = [...byStatus].sort(([left], [right]) => left - right);
  return told
    .map(([status, codes]) => {
      const words = [...codes].sort().map((code) => `\`${code}\``);
      if (words.length === 0) return String(status);
      return `${status} ${words.length > mostCodes ? 'with a code of the route' : words.join(', ')}`;
    })
    .join('; ');
}

const ofBodies: ReadonlySet<string> = new Set([
  'malformed_json',
  'unsupported_media',
  'unsupported_coding',
  'too_large',
]);

/** Whether a problem can be had at a route. */
function isPossible(problem: Problem, route: Route): boolean {
  if (ofBodies.has(problem.code) || problem.issues?.[0]?.in === 'body') return hasBody(route);
  return problem.code !== 'unauthenticated' || route.auth !== false;
}

/** Statuses and codes of each API, out of what its routes answer. */
export function errorTable(listed: readonly ListedRoute[]): string {
  const routes = listed.map(({ route }) => route);
  const rows = situations.map(([what, problem]) => [
    what,
    ...[hub, registry, fastapi, openai, simulator].map((family) => {
      const told = { message: '', ...problem };
      const own = routes.filter((route) => familyOf(route.path) === family);
      return answersTo(
        told,
        own.filter((route) => isPossible(told, route)),
      );
    }),
  ]);
  return table([['What is wrong', 'Hub API', 'MCP registry', 'Containers, agents', 'OpenAI', 'Simulator'], ...rows]);
}

/** The rights that the routes ask for, by who has them. */
export function rightsTable(routes: readonly ListedRoute[]): string {
  const guarded = routes.filter(({ route }) => route.auth !== false);
  const asked = guarded.flatMap(({ route }) => [
    ...needsOf(route),
    ...(Object.keys(route.alsoNeeds ?? {}) as Action[]),
  ]);
  const byHolders = Map.groupBy(new Set(asked), (action) => holdersText(holdersOf(action)));
  const rows = [...byHolders].map(([who, actions]) => [who, actions.map((action) => `\`${action}\``).join(', ')]);
  return table([['Who has it', 'Right'], ...rows]);
}
