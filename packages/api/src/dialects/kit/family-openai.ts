import { describeIssues, fieldOf, headersOf, statuses } from './family-parts.ts';
import type { Family, Problem, ProblemCode } from './problem.ts';

type OpenAIError = readonly [type: string, code: string];

const openaiErrors: Record<ProblemCode, OpenAIError> = {
  invalid: ['invalid_request_error', 'invalid_value'],
  unauthenticated: ['invalid_request_error', 'invalid_api_key'],
  forbidden: ['permission_error', 'insufficient_permissions'],
  not_found: ['invalid_request_error', 'model_not_found'],
  conflict: ['invalid_request_error', 'conflict'],
  limit_exceeded: ['rate_limit_error', 'rate_limit_exceeded'],
  precondition: ['invalid_request_error', 'conflict'],
  unavailable: ['server_error', 'provider_unavailable'],
  database_away: ['server_error', 'database_away'],
  timeout: ['server_error', 'timeout'],
  internal: ['server_error', 'internal_error'],
  malformed_json: ['invalid_request_error', 'invalid_json'],
  route_not_found: ['invalid_request_error', 'unknown_url'],
  method_not_allowed: ['invalid_request_error', 'method_not_allowed'],
  too_large: ['invalid_request_error', 'request_too_large'],
  headers_too_large: ['invalid_request_error', 'request_too_large'],
  unsupported_media: ['invalid_request_error', 'unsupported_media_type'],
  unsupported_coding: ['invalid_request_error', 'unsupported_encoding'],
  rate_limited: ['rate_limit_error', 'rate_limit_exceeded'],
};

/** The OpenAI names of a provider's failures, where programs know one. */
const providerErrors: Readonly<Record<string, OpenAIError>> = {
  overloaded: ['server_error', 'model_overloaded'],
  context_too_long: ['invalid_request_error', 'context_length_exceeded'],
};

function openaiErrorOf({ code, details }: Problem): OpenAIError {
  if (details?.['budget'] !== undefined) return ['insufficient_quota', 'insufficient_quota'];
  return providerErrors[String(details?.['provider'])] ?? openaiErrors[code];
}

/** Programs that speak OpenAI: `{error:{message,type,param,code}}`. */
export const openai: Family = (problem) => {
  const [type, code] = openaiErrorOf(problem);
  const isOverloaded = problem.details?.['provider'] === 'overloaded';
  const first = problem.issues?.[0];
  const param = first ? fieldOf(first) || null : problem.code === 'not_found' ? 'model' : null;
  return {
    status: isOverloaded ? 503 : problem.code === 'invalid' ? 400 : statuses[problem.code],
    headers: {
      ...headersOf(problem),
      // The official clients try a 429 again by themselves, which helps nobody whose budget is spent.
      ...(problem.details?.['budget'] !== undefined && { 'x-should-retry': 'false' }),
    },
    body: { error: { message: describeIssues(problem), type, param, code } },
  };
};
