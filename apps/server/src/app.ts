import { appRouter, type InstanceInfo, type Playground, rethrowAsTRPC, type ShownSettings } from '@switchboard/api';
import {
  buildDocument,
  dialects,
  familyOf,
  findProblem,
  type InputPlaces,
  listRoutes,
  type ProblemCode,
  unauthenticated,
} from '@switchboard/api/dialects';
import { type Core, type Log, may } from '@switchboard/core';
import { getConnInfo } from '@hono/node-server/conninfo';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Config } from './config.ts';
import { toResponse } from './http/answer.ts';
import { type Drain, stoppingAnswer } from './http/drain.ts';
import { limitBody } from './http/body.ts';
import { mountDialects } from './http/dialects.ts';
import { mountPages } from './http/pages.ts';
import { rateLimit } from './http/rate-limit.ts';
import { apiContext, type HubEnv, readAddress } from './http/request-context.ts';
import { requestIdHeader } from './listener.ts';
import type { Metrics } from './metrics.ts';

/** What the web side of the hub is made of. */
export interface AppOptions {
  config: Config;
  core: Core;
  log: Log;
  sessionCookieName: string;
  playground: Playground;
  metrics: Metrics;
  instance: InstanceInfo;
  settings: ShownSettings;
  drain: Pick<Drain, 'orCut'>;
  /** Null where it is. */
  whyNotReady(): Promise<string | null>;
}

function mountProbes(app: Hono<HubEnv>, { instance, metrics, whyNotReady }: AppOptions): void {
  const about = { service: 'switchboard', app_name: 'Switchboard', version: instance.version };
  app.get('/health', (c) => c.json({ status: 'healthy', ...about, timestamp: new Date().toISOString() }));
  app.get('/ready', async (c) => {
    const reason = await whyNotReady();
    return reason === null ? c.json({ ready: true, ...about }) : c.json({ ready: false, reason, ...about }, 503);
  });
  app.get('/metrics', async (c) => {
    const { core } = await c.get('api')();
    if (core.actor.type === 'anonymous') return toResponse(familyOf('/metrics')(unauthenticated()));
    if (!may(core, 'metrics.read')) {
      const message = 'Only admins, and keys of admins with the scope metrics.read, may read the metrics.';
      return toResponse(familyOf('/metrics')({ code: 'forbidden', message }));
    }
    return c.body(await metrics.render(), 200, { 'content-type': metrics.contentType });
  });
}

function mountDocument(app: Hono<HubEnv>, { instance }: AppOptions): void {
  const routes = listRoutes(dialects);
  const documents = new Map<string, string>();
  app.get('/openapi.json', (c) => {
    const url = instance.publicUrl ?? new URL(c.req.url).origin;
    const known = documents.get(url);
    const text = known ?? JSON.stringify(buildDocument(dialects, routes, { version: instance.version, url }));
    if (!known && documents.size < 16) documents.set(url, text);
    return c.body(text, 200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' });
  });
}

function mountTrpc(app: Hono<HubEnv>, { config }: AppOptions): void {
  const tooLarge = () =>
    toResponse(familyOf('/trpc')({ code: 'too_large', message: `The body is larger than ${config.bodyLimit} bytes.` }));
  app.all('/trpc/*', async (c) => {
    const req = await limitBody(c.req.raw, config.bodyLimit);
    if (!req) return tooLarge();
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req,
      router: appRouter,
      createContext: () => c.get('api')().catch(rethrowAsTRPC),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    response.headers.set('cache-control', isStream ? 'no-cache' : 'no-store');
    return response;
  });
}

/** Of a problem that no part of the request is to blame for. */
const nowhere: InputPlaces = { path: [], query: [], body: null, isBodyless: true };

/** The hub's web application: everything on its port that is not MCP. */
export function createApp(options: AppOptions): Hono<HubEnv> {
  const { log, config, core, drain } = options;
  const app = new Hono<HubEnv>();
  const answer = (pathname: string, code: ProblemCode, message: string, allow?: readonly string[]) =>
    toResponse(familyOf(pathname)({ code, message, ...(allow && { allow }) }));

  app.use(async (c, next) => {
    const requestId = c.req.header(requestIdHeader) ?? crypto.randomUUID();
    c.set('requestId', requestId);
    c.set('cookies', []);
    const remote = c.env.incoming ? getConnInfo(c).remote.address : undefined;
    c.set('address', readAddress(c.req.header('x-forwarded-for'), remote ?? null, config.trustProxy));
    c.set('api', apiContext(c, options));
    if ((await drain.orCut(next().then(() => true))) === null) c.res = toResponse(stoppingAnswer(c.req.path));
    for (const cookie of c.get('cookies')) c.header('set-cookie', cookie, { append: true });
  });
  app.use(rateLimit(core));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const message = `This path answers ${methods.join(', ')}, not ${c.req.method}.`;
        return answer(c.req.path, 'method_not_allowed', message, methods);
      },
    }),
  );
  mountPages(app);
  mountProbes(app, options);
  mountDocument(app, options);
  mountTrpc(app, options);
  mountDialects(app, { router: dialects, bodyLimit: config.bodyLimit, log });
  app.notFound((c) => answer(c.req.path, 'route_not_found', `There is nothing at ${c.req.method} ${c.req.path}.`));
  app.onError((error, c) => {
    const problem = findProblem(error, nowhere, undefined);
    if (problem) return toResponse(familyOf(c.req.path)(problem));
    const requestId = c.get('requestId');
    log.error({ requestId, path: c.req.path, error }, 'A request failed');
    return answer(c.req.path, 'internal', `Something went wrong in the hub. Its log tells more under ${requestId}.`);
  });
  return app;
}
