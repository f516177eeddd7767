import type { Context, Hono } from 'hono';
import { heldStream, isHeld } from '@switchboard/api';
import {
  createDialectCaller,
  type DialectRouter,
  familyOf,
  fileResponse,
  findProblem,
  hasBody,
  type InputPlaces,
  internal,
  isFileAnswer,
  isStream,
  linesResponse,
  type ListedRoute,
  listParameters,
  listRoutes,
  pathsOf,
  type Problem,
  queryNamesOf,
  repeatedParameter,
  type Route,
  sseResponse,
  type StreamForm,
  streamFormFor,
  unauthenticated,
  unknownParameter,
  withoutNulls,
} from '@switchboard/api/dialects';
import { isObject } from '@switchboard/basics';
import type { Log } from '@switchboard/core';
import { toLastResponse, toResponse } from './answer.ts';
import { readBody } from './body.ts';
import type { HubEnv } from './env.ts';
import { traceOf } from './request-trace.ts';

interface MountOptions {
  router: DialectRouter;
  log: Log;
}

type Invoke = (input: unknown) => Promise<unknown>;

function toHonoPath(path: string, { greedy }: Route): string {
  const plain = path.replace(/\{(\w+)\}/g, ':$1');
  return greedy ? `${plain}{.+}` : plain;
}

/** The procedure's input out of path, query and body; a body that must be an object and is none is a problem. */
function toInput(route: Route, params: Record<string, string>, query: Record<string, string>, body: unknown): unknown {
  if (!hasBody(route)) return { ...query, ...params };
  const named = (route.query ?? []).map((name) => [name, query[name]]);
  const besides = { ...(Object.fromEntries(named) as Record<string, string>), ...params };
  if (route.body !== undefined) return { ...besides, [route.body]: body };
  if (body === undefined || body === null) return besides;
  return isObject(body) ? { ...body, ...besides } : null;
}

/** Problem of a body that names another object than the path does; null where it names the same, or none. */
function otherThanPath(params: Readonly<Record<string, string>>, body: unknown): Problem | null {
  if (!isObject(body)) return null;
  const name = Object.keys(params).find((key) => Object.hasOwn(body, key) && String(body[key]) !== params[key]);
  if (name === undefined) return null;
  return { code: 'invalid', message: `${name} of the body must be the one of the path, or be left out.` };
}

const notAnObject: Problem = {
  code: 'invalid',
  message: 'The body must be a JSON object.',
  issues: [{ in: 'body', path: [], message: 'The body must be a JSON object.', code: 'invalid_type', missing: false }],
};

function placesOf(route: Route): InputPlaces {
  return {
    path: [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
    query: route.query ?? [],
    body: route.body ?? null,
    isBodyless: !hasBody(route),
    names: route.fields ?? {},
  };
}

/** The form in which a route gives a stream. Programs that ask for one in their body send any `Accept`. */
function streamFormOf(route: Route, accept: string | undefined): StreamForm {
  if (route.stream === undefined) return 'json';
  return hasBody(route) ? 'events' : streamFormFor(accept);
}

/** Serves one documented route: reads what it is sent, calls its procedure, answers in its family's shape. */
function createHandler({ name, route, inputs }: ListedRoute, { router, log }: MountOptions) {
  const caller = createDialectCaller(router);
  const places = placesOf(route);
  const family = familyOf(route.path);
  const lists = hasBody(route) ? new Set<string>() : listParameters(inputs);
  const queryNames = route.knowsQuery ? queryNamesOf(route, inputs) : null;

  return async (c: Context<HubEnv>): Promise<Response> => {
    function refuse(problem: Problem) {
      return toResponse(family(problem, route.answers));
    }
    let input: unknown;
    let lacksBody = false;
    try {
      const api = await c.get('api')();
      if (route.auth !== false && api.core.actor.type === 'anonymous') {
        return refuse(c.get('refusal') ?? unauthenticated());
      }
      let body: unknown;
      if (hasBody(route)) {
        const read = await readBody(c.req.raw, { bounds: c.get('bounds')(api.core.actor), form: route.form });
        if (!read.ok && read.isUnread) return toLastResponse(family(read.problem, route.answers), c.env.incoming);
        if (!read.ok) return refuse(read.problem);
        body = read.body;
        lacksBody = body === undefined || body === null;
      }
      const form = streamFormOf(route, c.req.header('accept'));
      const values = c.req.queries();
      const misread =
        repeatedParameter(values, lists) ?? (queryNames && unknownParameter(Object.keys(values), queryNames));
      if (misread) return refuse(misread);
      const query = Object.fromEntries(Object.entries(values).map(([key, given]) => [key, given.join(',')]));
      if (route.stream !== undefined && form === 'json') query[route.stream] = 'false';
      const params = c.req.param() as Record<string, string>;
      const other = route.body === undefined ? otherThanPath(params, body) : null;
      if (other) return refuse(other);
      input = toInput(route, params, query, body);
      if (input === null) return refuse(notAnObject);
      input = inputs.reduce((given, schema) => withoutNulls(schema, given), input);
      const invoke = Reflect.get(caller(api), name) as Invoke;
      const result = await invoke(input);
      if (isFileAnswer(result)) return fileResponse(result);
      if (isStream(result)) {
        const { signal } = c.req.raw;
        const held = isHeld(result) ? result : heldStream(result, api.streams.hold(api.core.actor), signal);
        return form === 'lines' ? linesResponse(held, signal) : sseResponse(held, signal);
      }
      if (api.reply.location !== undefined) return c.redirect(api.reply.location, 302);
      const status = api.reply.status ?? route.status ?? 200;
      if (status === 204) return c.body(null, status);
      return c.json(result as object, status as 200, { 'cache-control': 'no-store' });
    } catch (error) {
      const problem = findProblem(error, places, input);
      if (problem) return refuse({ ...problem, ...(lacksBody && { lacksBody }) });
      const requestId = c.get('requestId');
      const traceId = traceOf(c.env.incoming)?.spanOf(undefined).traceId ?? undefined;
      log.error({ requestId, traceId, route: `${route.method} ${route.path}`, error }, 'A request failed');
      return refuse(internal(requestId));
    }
  };
}

/** Serves every documented route of the router; refuses a path and method claimed twice. */
export function mountDialects(app: Hono<HubEnv>, options: MountOptions): void {
  const taken = new Set<string>();
  for (const listed of listRoutes(options.router)) {
    const { route } = listed;
    const handler = createHandler(listed, options);
    for (const path of pathsOf(route)) {
      const key = `${route.method} ${path.replace(/\{\w+\}/g, '{}')}`;
      if (taken.has(key)) throw new Error(`Two documented routes claim ${key}.`);
      taken.add(key);
      app.on(route.method, toHonoPath(path, route), handler);
    }
  }
}
