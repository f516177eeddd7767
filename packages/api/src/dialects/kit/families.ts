import { openai } from './family-openai.ts';
import { describeIssues, fieldOf, headersOf, messageOf, statuses } from './family-parts.ts';
import {
  type Answer,
  type Family,
  type Issue,
  ownAnswer,
  type Problem,
  type ProblemCode,
  repeated,
} from './problem.ts';
import { pydanticType } from './pydantic.ts';

export { openai };

/** The containers and agents APIs: FastAPI's `detail`. */
export const fastapi: Family = (problem, answers) => {
  const own = ownAnswer(problem, answers);
  function answer(status: number, detail: unknown): Answer {
    const answered = own.status ?? status;
    const { 'www-authenticate': challenge, ...headers } = headersOf(problem);
    return {
      status: answered,
      headers: { ...headers, ...(challenge && answered === 401 && { 'www-authenticate': 'Bearer' }) },
      body: { detail: own.message ?? detail },
    };
  }
  switch (problem.code) {
    case 'invalid':
      if (!problem.issues?.length) return answer(400, problem.message);
      if (problem.lacksBody && problem.issues.every((issue) => issue.in === 'body' && issue.missing))
        return answer(422, [{ type: 'missing', loc: ['body'], msg: 'Field required' }]);
      return answer(
        422,
        problem.issues.map((issue) => ({
          type: pydanticType(issue),
          loc: [issue.in, ...issue.path],
          msg: issue.missing ? 'Field required' : issue.message,
        })),
      );
    case 'malformed_json':
      return answer(422, [{ type: 'json_invalid', loc: ['body'], msg: problem.message }]);
    case 'unsupported_media':
      return answer(422, [{ type: 'model_attributes_type', loc: ['body'], msg: problem.message }]);
    case 'route_not_found':
      return answer(404, 'Not Found');
    case 'method_not_allowed':
      return answer(405, 'Method Not Allowed');
    case 'unavailable':
    case 'timeout':
      return answer(500, problem.message);
    default:
      return answer(statuses[problem.code], messageOf(problem));
  }
};

/** The codes of the hub API, with the words of its own table. */
const hubCodes = {
  INVALID_REQUEST: '请求格式无效',
  AUTHENTICATION_FAILED: '身份验证失败',
  AUTHORIZATION_FAILED: '权限不足',
  RESOURCE_NOT_FOUND: '资源不存在',
  RESOURCE_CONFLICT: '资源冲突',
  VALIDATION_ERROR: '请求数据无效',
  RATE_LIMIT_EXCEEDED: '请求频率超限',
  SERVER_ERROR: '服务器内部错误',
} as const;

const hubCodeOf: Record<ProblemCode, keyof typeof hubCodes> = {
  invalid: 'VALIDATION_ERROR',
  unauthenticated: 'AUTHENTICATION_FAILED',
  forbidden: 'AUTHORIZATION_FAILED',
  not_found: 'RESOURCE_NOT_FOUND',
  conflict: 'RESOURCE_CONFLICT',
  limit_exceeded: 'RATE_LIMIT_EXCEEDED',
  precondition: 'RESOURCE_CONFLICT',
  unavailable: 'SERVER_ERROR',
  database_away: 'SERVER_ERROR',
  timeout: 'SERVER_ERROR',
  internal: 'SERVER_ERROR',
  malformed_json: 'INVALID_REQUEST',
  route_not_found: 'RESOURCE_NOT_FOUND',
  method_not_allowed: 'INVALID_REQUEST',
  too_large: 'INVALID_REQUEST',
  headers_too_large: 'INVALID_REQUEST',
  unsupported_media: 'INVALID_REQUEST',
  unsupported_coding: 'INVALID_REQUEST',
  rate_limited: 'RATE_LIMIT_EXCEEDED',
};

const hubLabels: Record<string, string> = { name: '名称', command: '命令', username: '用户名', password: '密码' };

function hubReason(issue: Issue): string {
  const label = hubLabels[fieldOf(issue)];
  return (issue.missing || issue.empty) && label ? `${label}不能为空` : issue.message;
}

/** Of a query: a word, a name or a second value that it does not know. The request is wrong, not a value in it. */
function isUnknownWord(issue: Issue): boolean {
  return issue.in === 'query' && ['invalid_value', 'unrecognized_keys', repeated].includes(issue.code);
}

function hubError(problem: Problem, code: keyof typeof hubCodes, status: number): Answer {
  const issues = problem.issues ?? [];
  const first = issues[0];
  const details = first
    ? {
        field: fieldOf(first),
        reason: hubReason(first),
        errors: issues.map((issue) => ({ field: fieldOf(issue), message: hubReason(issue) })),
      }
    : problem.details;
  const message = first || code === 'VALIDATION_ERROR' ? hubCodes[code] : `${hubCodes[code]}: ${problem.message}`;
  const reason =
    !first && code === 'VALIDATION_ERROR' ? { field: '', reason: problem.message, ...problem.details } : details;
  return {
    status,
    headers: headersOf(problem),
    body: {
      success: false,
      error: { code, message, ...(reason && { details: reason }) },
      timestamp: new Date().toISOString(),
    },
  };
}

/** The hub API: `{success:false,error:{code,message,details},timestamp}`. */
export const hub: Family = (problem, answers) => {
  const own = ownAnswer(problem, answers).status;
  if (own === undefined && problem.code === 'invalid' && problem.issues?.some(isUnknownWord))
    return hubError(problem, 'INVALID_REQUEST', 400);
  const status = problem.code === 'unavailable' || problem.code === 'timeout' ? 500 : statuses[problem.code];
  return hubError(problem, hubCodeOf[problem.code], own ?? status);
};

const registryCodeOf: Record<ProblemCode, string> = {
  invalid: 'INVALID_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'SERVER_NOT_FOUND',
  conflict: 'INVALID_REQUEST',
  limit_exceeded: 'RATE_LIMITED',
  precondition: 'INVALID_REQUEST',
  unavailable: 'SERVER_ERROR',
  database_away: 'SERVER_ERROR',
  timeout: 'SERVER_ERROR',
  internal: 'SERVER_ERROR',
  malformed_json: 'INVALID_REQUEST',
  route_not_found: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  too_large: 'INVALID_REQUEST',
  headers_too_large: 'INVALID_REQUEST',
  unsupported_media: 'INVALID_REQUEST',
  unsupported_coding: 'INVALID_REQUEST',
  rate_limited: 'RATE_LIMITED',
};

const registryStatus: Partial<Record<ProblemCode, number>> = {
  invalid: 400,
  conflict: 400,
  precondition: 400,
  unavailable: 500,
  database_away: 500,
  timeout: 500,
};

/** The registry API: `{success:false,error:{code,message}}`. */
export const registry: Family = (problem, answers) => {
  // The document names a code for each way an operation can fail, and has none for an absent database.
  const isAway = problem.code === 'database_away' && answers?.database_away === undefined;
  const own = ownAnswer(isAway ? { ...problem, code: 'unavailable' } : problem, answers);
  return {
    status: own.status ?? registryStatus[problem.code] ?? statuses[problem.code],
    headers: headersOf(problem),
    body: {
      success: false,
      error: { code: own.code ?? registryCodeOf[problem.code], message: own.message ?? describeIssues(problem) },
    },
  };
};

/** The management side of the simulator API: `{error}`. */
export const simulator: Family = (problem, answers) => {
  const isInput = problem.code === 'invalid' || problem.code === 'conflict' || problem.code === 'unsupported_media';
  const own = ownAnswer(problem, answers);
  const first = problem.issues?.[0];
  const details = first && { field: fieldOf(first), message: first.message };
  const body =
    problem.code === 'unauthenticated' && own.message === undefined
      ? { error: 'Unauthorized', message: '请先登录' }
      : {
          error: own.message ?? describeIssues(problem),
          code: problem.code.toUpperCase(),
          ...(details && { details }),
        };
  return { status: own.status ?? (isInput ? 400 : statuses[problem.code]), headers: headersOf(problem), body };
};

const rpcCodes: Partial<Record<ProblemCode, number>> = {
  malformed_json: -32700,
  invalid: -32602,
  internal: -32603,
  route_not_found: -32601,
};

/** MCP endpoints: a JSON-RPC error without an id. */
export const jsonRpc: Family = (problem) => ({
  status: problem.code === 'invalid' ? 400 : statuses[problem.code],
  headers: headersOf(problem),
  body: {
    jsonrpc: '2.0',
    error: { code: rpcCodes[problem.code] ?? -32000, message: describeIssues(problem) },
    id: null,
  },
});

/** Everything that belongs to no documented API. */
export const plain: Family = (problem) => ({
  status: statuses[problem.code],
  headers: headersOf(problem),
  body: { error: problem.code, message: describeIssues(problem) },
});

const mcpWords =
  '(config|status|add|remove|connect|disconnect|tools|ai-generator-template|generate|register-tool|ai-tools|test-tool)';
const agentPaths = '(chat|graphs|models|system|prompt-template|optimize-prompt-template)';

/** In order; the first pattern that matches owns the path. The longest prefixes come first. */
const owners: readonly (readonly [pattern: RegExp, family: Family])[] = [
  [/^\/api\/mcp\/(servers|tools\/call|statistics|health)(\/|$)/, registry],
  [new RegExp(`^/api/mcp/${mcpWords}(/|$)`), fastapi],
  [/^\/api\/mcp(\/|$)/, registry],
  [/^\/api\/(containers|compose|claude|auth\/(register|token|me))(\/|$)/, fastapi],
  [new RegExp(`^/api/${agentPaths}(/|$)`), fastapi],
  [/^\/(api|ws)(\/|$)/, hub],
  [new RegExp(`^/mcp/${mcpWords}(/|$)`), fastapi],
  [/^\/(mcp|sse|messages)(\/|$)/, jsonRpc],
  [new RegExp(`^/${agentPaths}(/|$)`), fastapi],
  [/^\/admin(\/|$)/, simulator],
  [/^\/sim(\/|$)/, jsonRpc],
  [/^\/v1(\/|$)/, openai],
];

/** The family that answers a path's framework errors. */
export function familyOf(pathname: string): Family {
  return owners.find(([pattern]) => pattern.test(pathname))?.[1] ?? plain;
}

/** Families whose every answer has the rest of the caller's requests a minute. */
const counted: ReadonlySet<Family> = new Set([hub, openai]);

/** Whether the requests at a path are counted. */
export function isRateLimited(pathname: string): boolean {
  return counted.has(familyOf(pathname));
}

const reservedMcpPath = new RegExp(`^/mcp/${mcpWords}(/|$)`);

/** Whether a path under /mcp/ belongs to a documented API instead of an endpoint. */
export function isReservedMcpPath(pathname: string): boolean {
  return reservedMcpPath.test(pathname);
}
