import { generateOpenApiDocument, type OpenAPIObject, type OpenApiRouter } from 'trpc-openapi';
import type { ListedRoute } from '../index.ts';
import { familyOf } from './families.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { pathsOf, type Route } from './route.ts';

type Json = Record<string, unknown>;

interface Operation extends Json {
  responses: Record<string, Json>;
  requestBody?: Json;
  parameters?: Json[];
  security?: unknown;
}

const security = [{ bearer: [] }, { apiKey: [] }, { cookie: [] }];

const titles: Record<number, string> = {
  400: 'The request is not valid',
  401: 'No valid credentials',
  403: 'Not allowed',
  404: 'Not found',
  409: 'In conflict with what is there',
  413: 'The body is too large',
  415: 'Not a content type that is read',
  422: 'A value is not valid',
  429: 'Too many requests',
  500: 'The operation failed',
  503: 'Not healthy',
};

const problemOf: Record<number, ProblemCode> = {
  400: 'malformed_json',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media',
  422: 'invalid',
  429: 'rate_limited',
};

/** An example of the family's error for a status, made by the family itself. */
function errorExample(route: Route, status: number): unknown {
  const problem: Problem = { code: problemOf[status] ?? 'internal', message: titles[status] ?? 'Failed' };
  const { body } = familyOf(route.path)(problem, route.answers);
  const isObject = typeof body === 'object' && body !== null;
  return isObject && 'timestamp' in body ? { ...body, timestamp: '2024-01-01T12:00:00.000Z' } : body;
}

function errorResponses(route: Route): Record<string, Json> {
  const statuses = [
    ...new Set([...route.errors, ...(route.method === 'GET' || route.method === 'DELETE' ? [] : [413, 415])]),
  ];
  return Object.fromEntries(
    statuses
      .sort((left, right) => left - right)
      .map((status) => [
        String(status),
        {
          description: titles[status] ?? 'Failed',
          content: { 'application/json': { schema: { type: 'object' }, example: errorExample(route, status) } },
        },
      ]),
  );
}

const contentOf = (part: Json | undefined): Record<string, Json> => (part?.['content'] ?? {}) as Record<string, Json>;

function patchBody(operation: Operation, route: Route): void {
  const json = contentOf(operation.requestBody)['application/json'];
  if (!json || !operation.requestBody) return;
  if (route.body !== undefined) {
    const properties = ((json['schema'] as Json | undefined)?.['properties'] ?? {}) as Record<string, Json>;
    json['schema'] = properties[route.body] ?? {};
  }
  if (route.example?.body !== undefined) json['example'] = route.example.body;
  if (!route.form) return;
  const content = contentOf(operation.requestBody);
  content['application/x-www-form-urlencoded'] = json;
  if (route.form === 'only') delete content['application/json'];
}

function patchSuccess(operation: Operation, route: Route): Json {
  const success = operation.responses['200'] ?? { description: 'Success' };
  success['description'] = 'Success';
  if (route.status === 204) return { description: 'Success, without a body' };
  const content = contentOf(success);
  if (route.stream) content['text/event-stream'] = { schema: { type: 'string' } };
  for (const type of route.file ?? []) content[type] = { schema: { type: 'string' } };
  const json = content['application/json'];
  if (json && route.example?.response !== undefined) json['example'] = route.example.response;
  return success;
}

function patchOperation(operation: Operation, route: Route): Operation {
  patchBody(operation, route);
  const success = patchSuccess(operation, route);
  operation.responses = { [String(route.status ?? 200)]: success, ...errorResponses(route) };
  operation.security = route.auth === false ? [] : security;
  return operation;
}

/** The OpenAPI 3.1 document of every documented route: generated, then put right where the generator cannot know. */
export function buildDocument(
  router: OpenApiRouter,
  routes: readonly ListedRoute[],
  options: { version: string; url: string },
): OpenAPIObject {
  const document = generateOpenApiDocument(router, {
    title: 'Switchboard',
    description: 'The documented REST APIs of this hub.',
    version: options.version,
    openApiVersion: '3.1.0',
    baseUrl: options.url,
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'An access token or an API key' },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      cookie: { type: 'apiKey', in: 'cookie', name: 'session', description: 'Of the page; named by instance' },
    },
  });
  const generated = (document.paths ?? {}) as Record<string, Record<string, Operation>>;
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { route } of routes) {
    const method = route.method.toLowerCase();
    const operation = generated[route.path.replace(/(.)\/$/, '$1')]?.[method];
    if (!operation) throw new Error(`The generated document lacks ${route.method} ${route.path}.`);
    const patched = patchOperation(operation, route);
    pathsOf(route).forEach((path, index) => {
      const id = index === 0 ? patched['operationId'] : `${String(patched['operationId'])}-${index + 1}`;
      (paths[path] ??= {})[method] = { ...patched, operationId: id };
    });
  }
  const schemas = Object.entries(document.components?.schemas ?? {}).filter(([name]) => !name.startsWith('error.'));
  document.components = { ...document.components, schemas: Object.fromEntries(schemas) };
  document.paths = paths;
  return document;
}
