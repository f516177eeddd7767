import { type Action, holdersOf } from '@switchboard/core';
import type { ListedRoute } from '../../index.ts';
import { fastapi, hub, registry } from '../families.ts';
import type { Issue, Problem } from '../problem.ts';
import { needsOf } from '../route.ts';
import { holdersText } from './rights.ts';

/** Rows of a Markdown table; the first one is its head. */
const table = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
};

const issue: Issue = { in: 'body', path: ['name'], message: 'is wrong', code: 'invalid_type', missing: false };
const word: Issue = { ...issue, in: 'query', code: 'invalid_value' };

/** What may go wrong in general, as a caller sees it. */
const situations: readonly (readonly [what: string, problem: Omit<Problem, 'message'>])[] = [
  ['The body is no JSON', { code: 'malformed_json' }],
  ['The body has another content type', { code: 'unsupported_media' }],
  ['The body has another content coding', { code: 'unsupported_coding' }],
  ['The body is too large', { code: 'too_large' }],
  ['A value is wrong', { code: 'invalid', issues: [issue] }],
  ['A query has an unknown word or filter', { code: 'invalid', issues: [word] }],
  ['No credentials, or wrong ones', { code: 'unauthenticated' }],
  ['A right is missing', { code: 'forbidden' }],
  ['It is not there, or not for you to see', { code: 'not_found' }],
  ['There is no such path', { code: 'route_not_found' }],
  ['The path has no such method (`Allow` names those it has)', { code: 'method_not_allowed' }],
  ['In conflict with what is there', { code: 'conflict' }],
  ['Too many requests (`Retry-After` says how long to wait)', { code: 'rate_limited' }],
  ['A server or an engine does not answer', { code: 'unavailable' }],
  ['The fault is in the hub', { code: 'internal' }],
  ['The database is away', { code: 'database_away' }],
];

const codeOf = (body: unknown): string => {
  const { error } = body as { error?: { code?: string } };
  return error?.code === undefined ? '' : ` \`${error.code}\``;
};

/** Statuses and codes of each family, out of the functions that answer. */
export function errorTable(): string {
  const rows = situations.map(([what, problem]) => [
    what,
    ...[hub, registry, fastapi].map((family) => {
      const { status, body } = family({ ...problem, message: '' });
      return `${status}${codeOf(body)}`;
    }),
  ]);
  return table([['What is wrong', 'Hub API', 'MCP registry', 'Containers'], ...rows]);
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
