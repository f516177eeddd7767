import { generateOpenApiDocument, type OpenAPIObject, type OpenApiRouter } from 'trpc-openapi';
import type { ListedRoute } from '../listing.ts';
import { queryNamesOf, type Route } from '../route.ts';
import { errorSchemas } from './error-schemas.ts';
import { errorResponses, headersOf } from './errors.ts';
import { guideOf } from './guide.ts';
import { operationIdOf, tagOf, tags } from './names.ts';
import { withOptionalNulls } from './nullable.ts';
import { type Parameter, typeParameters } from './parameters.ts';
import { needsText, securityOf } from './rights.ts';
import { hoistDefinitions } from './schemas.ts';

type Json = Record<string, unknown>;

interface Operation extends Json {
  responses: Record<string, Json>;
  requestBody?: Json;
  parameters?: Parameter[];
  description?: string;
  security?: unknown;
}

function contentOf(part: Json | undefined): Record<string, Json> {
  return (part?.['content'] ?? {}) as Record<string, Json>;
}

/** Makes parameters of what the generator takes for fields of the body. */
function moveToQuery(operation: Operation, schema: Json, names: readonly string[]): void {
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  for (const name of names) {
    const { description, ...type } = properties[name] ?? {};
    delete properties[name];
    const parameter = {
      name,
      in: 'query',
      required: false,
      schema: type,
      ...(description !== undefined && { description }),
    };
    operation.parameters = [...(operation.parameters ?? []), parameter];
  }
}

/** Leaves out what is only there to be refused in words of its own. */
function withoutRefused(schema: Json): Json {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return schema;
  const taken = Object.entries(properties).filter(([, { not }]: [string, Json]) => JSON.stringify(not) !== '{}');
  return { ...schema, properties: Object.fromEntries(taken) };
}

function patchBody(operation: Operation, route: Route): void {
  const json = contentOf(operation.requestBody)['application/json'];
  if (!json || !operation.requestBody) return;
  if (route.body !== undefined) {
    const properties = ((json['schema'] as Json | undefined)?.['properties'] ?? {}) as Record<string, Json>;
    json['schema'] = properties[route.body] ?? {};
  }
  const given = withoutRefused((json['schema'] ?? {}) as Json);
  // Of a form every field is a text.
  const schema = route.form === 'only' ? given : withOptionalNulls(given);
  json['schema'] = schema;
  moveToQuery(operation, schema, route.query ?? []);
  if (route.example?.body !== undefined) json['example'] = route.example.body;
  if (!route.form) return;
  const content = contentOf(operation.requestBody);
  content['application/x-www-form-urlencoded'] = json;
  if (route.form === 'only') delete content['application/json'];
}

const octets = { type: 'string', format: 'binary' };

function patchSuccess(operation: Operation, route: Route): Json {
  const success = operation.responses['200'] ?? { description: 'Success' };
  success['description'] = 'Success';
  success['headers'] = headersOf(route, route.status ?? 200);
  if (route.status === 204) return { description: 'Success, without a body' };
  const content = contentOf(success);
  const { stream } = route.example ?? {};
  if (route.stream) {
    content['text/event-stream'] = { schema: { type: 'string' }, ...(stream && { example: stream }) };
    content['application/x-ndjson'] = { schema: { type: 'string' } };
  }
  for (const type of route.file ?? []) content[type] = { schema: route.json === false ? octets : { type: 'string' } };
  if (route.json === false) delete content['application/json'];
  const json = content['application/json'];
  if (json && route.example?.response !== undefined) json['example'] = route.example.response;
  return success;
}

/** The description, the rights, and the other paths in words: a generated client needs one path. */
function describe(operation: Operation, route: Route): string {
  const others = route.aliases ?? [];
  const also = others.length === 0 ? '' : `Also served at ${others.map((path) => `\`${path}\``).join(', ')}.`;
  return [operation.description ?? '', needsText(route), also].filter((part) => part !== '').join('\n\n');
}

function schemaIn(response: Json | undefined): unknown {
  return (contentOf(response)['application/json'] ?? {})['schema'];
}

/** All answers of a route by status; one status may carry the body of a success or an error. */
function responsesOf({ route, inputs }: ListedRoute, success: Json): Record<string, Json> {
  const responses: Record<string, Json> = {
    [String(route.status ?? 200)]: success,
    ...errorResponses(route, queryNamesOf(route, inputs)),
  };
  for (const status of route.alsoAnswers ?? []) {
    const error = responses[String(status)];
    const schemas = [schemaIn(success), schemaIn(error)].filter((schema) => schema !== undefined);
    responses[String(status)] = {
      ...success,
      ...error,
      content: { 'application/json': { schema: { anyOf: schemas }, example: route.example?.also?.[status] } },
    };
  }
  return responses;
}

function withValue(parameter: Parameter, { shown }: Route): Parameter {
  const example = shown[parameter.name];
  return example === undefined ? parameter : { ...parameter, example };
}

function patchOperation(operation: Operation, listed: ListedRoute): Operation {
  const { name, route, inputs } = listed;
  patchBody(operation, route);
  const success = patchSuccess(operation, route);
  return {
    ...operation,
    operationId: operationIdOf(name),
    tags: [tagOf(name)],
    description: describe(operation, route),
    ...(operation.parameters && {
      parameters: typeParameters(operation.parameters, inputs).map((parameter) => withValue(parameter, route)),
    }),
    responses: responsesOf(listed, success),
    security: securityOf(route),
  };
}

/** The OpenAPI 3.1 document of every documented route: generated, then put right where the generator cannot know. */
export function buildDocument(
  router: OpenApiRouter,
  routes: readonly ListedRoute[],
  options: { version: string; url: string },
): OpenAPIObject {
  const document = generateOpenApiDocument(router, {
    title: 'Switchboard',
    description: guideOf(routes),
    version: options.version,
    openApiVersion: '3.1.0',
    baseUrl: options.url,
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description: 'An access token of `POST /api/auth/login` or `POST /api/auth/token`, or an API key.',
      },
      apiKey: {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description: 'An API key of `POST /api/auth/api-keys`, or of the page *API keys*.',
      },
      cookie: {
        type: 'apiKey',
        in: 'cookie',
        name: 'session',
        description: 'The session of the page, set by signing in there. Its real name differs from hub to hub.',
      },
    },
  });
  const generated = (document.paths ?? {}) as Record<string, Record<string, Operation>>;
  const paths: Record<string, Record<string, Operation>> = {};
  for (const listed of routes) {
    const { route } = listed;
    const method = route.method.toLowerCase();
    const operation = generated[route.path.replace(/(.)\/$/, '$1')]?.[method];
    if (!operation) throw new Error(`The generated document lacks ${route.method} ${route.path}.`);
    (paths[route.path] ??= {})[method] = patchOperation(operation, listed);
  }
  const generatedSchemas = Object.entries(document.components?.schemas ?? {}).filter(
    ([name]) => !name.startsWith('error.'),
  );
  const named: Json = { ...errorSchemas };
  for (const [name, schema] of generatedSchemas) named[name] = hoistDefinitions(schema, named);
  const hoisted = hoistDefinitions(paths, named) as typeof paths;
  const schemas = named as NonNullable<NonNullable<typeof document.components>['schemas']>;
  document.components = { ...document.components, schemas };
  document.info.license = { name: 'Apache-2.0', identifier: 'Apache-2.0' };
  document.tags = tags;
  document.paths = hoisted;
  return document;
}
