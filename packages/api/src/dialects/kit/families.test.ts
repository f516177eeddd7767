import { describe, expect, test } from 'vitest';
import { familyOf, fastapi, hub, isReservedMcpPath, jsonRpc, openai, plain, registry, simulator } from './families.ts';
import type { Family, Issue, Problem, ProblemCode } from './problem.ts';

const codes: ProblemCode[] = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'limit_exceeded',
  'precondition',
  'unavailable',
  'database_away',
  'timeout',
  'internal',
  'malformed_json',
  'route_not_found',
  'method_not_allowed',
  'too_large',
  'unsupported_media',
  'rate_limited',
];

function problem(code: ProblemCode, more: Partial<Problem> = {}): Problem {
  return {
    code,
    message: 'What is wrong.',
    ...more,
  };
}
function issue(more: Partial<Issue> = {}): Issue {
  return {
    in: 'body',
    path: ['name'],
    message: 'Too short',
    code: 'too_small',
    missing: false,
    ...more,
  };
}
function statusesOf(family: Family) {
  return Object.fromEntries(codes.map((code) => [code, family(problem(code)).status]));
}

describe('statuses', () => {
  test.each([
    [
      'hub',
      hub,
      {
        invalid: 422,
        malformed_json: 400,
        unavailable: 500,
        database_away: 503,
        precondition: 409,
        unsupported_media: 415,
      },
    ],
    [
      'registry',
      registry,
      {
        invalid: 400,
        malformed_json: 400,
        unavailable: 500,
        database_away: 500,
        conflict: 400,
        unsupported_media: 415,
      },
    ],
    [
      'fastapi',
      fastapi,
      {
        invalid: 400,
        malformed_json: 422,
        unavailable: 500,
        database_away: 503,
        conflict: 409,
        unsupported_media: 422,
      },
    ],
    ['simulator', simulator, { invalid: 400, malformed_json: 400, conflict: 400, unsupported_media: 400 }],
    ['jsonRpc', jsonRpc, { invalid: 400, malformed_json: 400, database_away: 503 }],
    ['plain', plain, { invalid: 422, malformed_json: 400, database_away: 503 }],
  ])('%s', (_name, family, special) => {
    const common = { unauthenticated: 401, forbidden: 403, not_found: 404, route_not_found: 404 };
    const rest = { method_not_allowed: 405, too_large: 413, rate_limited: 429, internal: 500 };
    expect(statusesOf(family)).toMatchObject({ ...common, ...rest, ...special });
  });

  test('every family challenges who has no credentials and names the allowed methods', () => {
    for (const family of [hub, registry, fastapi, openai, simulator, jsonRpc, plain]) {
      expect(family(problem('unauthenticated')).headers['www-authenticate']).toMatch(/^Bearer/);
      expect(family(problem('method_not_allowed', { allow: ['GET', 'PUT'] })).headers['allow']).toBe('GET, PUT');
    }
  });
});

describe('waiting', () => {
  test('every family says how long, in whole seconds', () => {
    const waiting = problem('limit_exceeded', { details: { retryAfterSeconds: 1.2 } });
    for (const family of [hub, registry, fastapi, openai, simulator, jsonRpc, plain]) {
      expect(family(waiting)).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    }
  });
});

describe('answers of a route', () => {
  test('replace status and words, and the challenge with them', () => {
    const answers = { unauthenticated: { status: 400, message: 'No.' } };
    expect(fastapi(problem('unauthenticated'), answers)).toEqual({ status: 400, headers: {}, body: { detail: 'No.' } });
  });
});

describe('shapes', () => {
  test('openai names the first field, and what a program can act on', () => {
    const answer = openai(problem('invalid', { issues: [issue({ path: ['messages', 0, 'role'] })] }));
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: 'messages.0.role: Too short', param: 'messages.0.role', code: 'invalid_value' } },
    });
    expect(openai(problem('unavailable', { details: { provider: 'overloaded' } })).status).toBe(503);
    expect(openai(problem('limit_exceeded', { details: { budget: {}, retryAfterSeconds: 9 } }))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '9', 'x-should-retry': 'false' },
      body: { error: { code: 'insufficient_quota', param: null } },
    });
  });

  test('hub puts the first field beside all of them', () => {
    const issues = [
      issue({ empty: true }),
      issue({ path: ['args', 0], message: 'Expected string', code: 'invalid_type' }),
    ];
    expect(hub(problem('invalid', { issues })).body).toMatchObject({
      success: false,
      error: {
        code: 'VALIDATION_ERROR',
        message: '请求数据无效',
        details: {
          field: 'name',
          reason: '名称不能为空',
          errors: [
            { field: 'name', message: '名称不能为空' },
            { field: 'args.0', message: 'Expected string' },
          ],
        },
      },
    });
  });

  test('hub tells an unknown word in the query from a bad value', () => {
    const unknown = issue({ in: 'query', path: ['status'], code: 'invalid_value' });
    expect(hub(problem('invalid', { issues: [unknown] })).status).toBe(400);
    expect(hub(problem('invalid', { issues: [issue({ code: 'invalid_value' })] })).status).toBe(422);
  });

  test('registry takes the route’s own code and text', () => {
    const answers = {
      conflict: { status: 400, code: 'REGISTRATION_FAILED' },
      invalid: () => ({ code: 'INVALID_CONFIG' }),
    };
    expect(registry(problem('conflict'), answers)).toMatchObject({
      status: 400,
      body: { success: false, error: { code: 'REGISTRATION_FAILED', message: 'What is wrong.' } },
    });
    expect(registry(problem('invalid', { issues: [issue()] }), answers).body).toEqual({
      success: false,
      error: { code: 'INVALID_CONFIG', message: 'name: Too short' },
    });
  });

  test('fastapi lists issues by place, and says a single reason as text', () => {
    const missing = issue({ missing: true });
    expect(fastapi(problem('invalid', { issues: [missing] })).body).toEqual({
      detail: [{ type: 'missing', loc: ['body', 'name'], msg: 'Field required' }],
    });
    expect(fastapi(problem('not_found')).body).toEqual({ detail: 'What is wrong.' });
    expect(fastapi(problem('route_not_found')).body).toEqual({ detail: 'Not Found' });
  });

  test('jsonRpc is an error without an id', () => {
    expect(jsonRpc(problem('malformed_json')).body).toEqual({
      jsonrpc: '2.0',
      error: { code: -32700, message: 'What is wrong.' },
      id: null,
    });
  });
});

test.each([
  ['/api/servers', hub],
  ['/api/auth/login', hub],
  ['/ws', hub],
  ['/api/auth/me', fastapi],
  ['/api/containers/x', fastapi],
  ['/api/graphs', fastapi],
  ['/api/mcp/servers/x', registry],
  ['/api/mcp/tools/call', registry],
  ['/api/mcp/tools', fastapi],
  ['/api/mcp/config', fastapi],
  ['/api/mcp/other', registry],
  ['/mcp/config', fastapi],
  ['/mcp/connect/x', fastapi],
  ['/mcp/my-server', jsonRpc],
  ['/mcp/configuration', jsonRpc],
  ['/sse', jsonRpc],
  ['/chat/completions', fastapi],
  ['/admin/api/apps', simulator],
  ['/metrics', plain],
  ['/apix', plain],
])('%s belongs to its family', (path, family) => {
  expect(familyOf(path)).toBe(family);
});

test('reserved words under /mcp/ are whole words', () => {
  expect(isReservedMcpPath('/mcp/status')).toBe(true);
  expect(isReservedMcpPath('/mcp/connect/x')).toBe(true);
  expect(isReservedMcpPath('/mcp/statuses')).toBe(false);
  expect(isReservedMcpPath('/mcp')).toBe(false);
});
