/** Headers that let pages of the allowed origins read answers; none for anybody else. */
export function corsHeaders(allowed: readonly string[], origin: string | undefined): Record<string, string> {
  if (origin === undefined || !allowed.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers':
      'mcp-session-id, mcp-protocol-version, www-authenticate, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset',
    vary: 'Origin',
  };
}

const sent =
  'authorization, content-type, accept, x-api-key, last-event-id, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name';

/**
 * Parameters of tools travel in headers that the tools name, and OpenAI's clients say what they are: which ones is known
 * only from what is asked for.
 */
function isParameter(name: string): boolean {
  return /^(?:mcp-param|x-stainless)-[a-z0-9-]+$/i.test(name);
}
const mostParameters = 64;

/** Further headers for a preflight request of an allowed origin; `asked` are the names of its headers. */
export function preflightHeaders(asked: string | undefined): Record<string, string> {
  const names = (asked ?? '').split(',').map((name) => name.trim());
  const parameters = names.filter(isParameter).slice(0, mostParameters);
  return {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': [sent, ...parameters].join(', '),
    'access-control-max-age': '600',
  };
}
