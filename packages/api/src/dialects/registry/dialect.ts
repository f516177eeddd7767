import { world } from '../kit/example-world.ts';
import type { Problem, RouteAnswer, RouteAnswers } from '../kit/problem.ts';
import { routesOf } from '../kit/route.ts';

export const route = routesOf({
  name: 'registry',
  fields: { kind: 'type', name: 'id', tool: 'toolName' },
  shown: { serverId: world.registeredId, toolName: world.tool },
});

/** The documented code of an operation that failed for a reason of the hub or of a server. */
export function failsAs(code: string, status = 500): RouteAnswers {
  const failed = { status, code };
  return { internal: failed, unavailable: failed, timeout: failed, precondition: failed };
}

const registrationFailed = { status: 400, code: 'REGISTRATION_FAILED' };

const neededFields: ReadonlySet<unknown> = new Set(['id', 'type', 'command']);

/** The documented text names three fields: it is for a registration that lacks one of them, and no other. */
function invalidConfig(problem: Problem): RouteAnswer {
  const isIncomplete =
    problem.issues?.some(
      ({ missing, empty, path }) => (missing || empty) && path.length === 1 && neededFields.has(path[0]),
    ) ?? false;
  const message = 'Missing required fields: id, type, command';
  return { status: 400, code: 'INVALID_CONFIG', ...(isIncomplete && { message }) };
}

export const registrationAnswers: RouteAnswers = {
  invalid: invalidConfig,
  malformed_json: { status: 400, code: 'INVALID_CONFIG' },
  conflict: registrationFailed,
  unavailable: registrationFailed,
  timeout: registrationFailed,
  precondition: registrationFailed,
  limit_exceeded: registrationFailed,
  database_away: { status: 500, code: 'REGISTRATION_ERROR' },
  internal: { status: 500, code: 'REGISTRATION_ERROR' },
};

const callFailed = { status: 500, code: 'TOOL_CALL_ERROR' };

/** A server that does not exist is 404; a tool that it does not have is an error of the call. */
function notFound(problem: Problem): RouteAnswer {
  return /^Server '.*' does not exist/.test(problem.message) ? { status: 404, code: 'SERVER_NOT_FOUND' } : callFailed;
}

function invalidCall(problem: Problem): RouteAnswer {
  const isName = problem.issues?.some((issue) => issue.path[0] === 'toolName') ?? false;
  if (!isName) return { status: 400, code: 'INVALID_ARGUMENTS' };
  return { status: 400, code: 'MISSING_TOOL_NAME', message: 'Missing required field: toolName' };
}

export const callAnswers: RouteAnswers = {
  ...failsAs('TOOL_CALL_ERROR'),
  not_found: notFound,
  conflict: callFailed,
  invalid: invalidCall,
  malformed_json: { status: 400, code: 'INVALID_ARGUMENTS' },
};
