import { getConnInfo } from '@hono/node-server/conninfo';
import { TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { routePath } from 'hono/route';
import { appRouter, readCall, rethrowAsTRPC } from '@switchboard/api';
import {
  buildDocument,
  dialects,
  familyOf,
  findProblem,
  type InputPlaces,
  listRoutes,
  type Problem,
  type ProblemCode,
  unauthenticated,
} from '@switchboard/api/dialects';
import { may } from '@switchboard/core/access';
import { readAddress } from './address.ts';
import { toLastResponse, toResponse } from './answer.ts';
import { limitBody } from './body.ts';
import { mountDialects } from './dialects.ts';
import { stoppingAnswer } from './drain.ts';
import type { HubEnv } from './env.ts';
import { mountFrames } from './frames.ts';
import { requestIdHeader } from './headers.ts';
import { mountPages } from './pages.ts';
import { rateLimit } from './rate-limit.ts';
import { apiContext } from './request-context.ts';
import { traceOf } from './request-trace.ts';
import { mountSignIns } from './sign-ins.ts';
import { socketPath } from './sockets.ts';
import type { AppOptions } from './web-deps.ts';

function mountProbes(app: Hono<HubEnv>, { core, instance, metrics, whyNotReady }: AppOptions): void {
  const about = { service: 'switchboard', app_name: 'Switchboard', version: instance.version };
  app.get('/health', (c) => c.json({ status: 'healthy', ...about, timestamp: new Date().toISOString() }));
  app.get('/ready', async (c) => {
    const reason = await whyNotReady();
    if (reason !== null) return c.json({ ready: false, reason, ...about }, 503);
    // The reason is in the log, and for admins under Settings: this route answers anybody.
    return c.json({ ready: true, jobs: core.deps.jobs.trouble() === null ? 'running' : 'failing', ...about });
  });
  for (const path of ['/metrics', '/api/monitoring/prometheus']) {
    app.get(path, async (c) => {
      const { core: asker } = await c.get('api')();
      if (asker.actor.type === 'anonymous') return toResponse(familyOf(path)(unauthenticated()));
      if (!may(asker, 'metrics.read')) {
        const message = 'Only admins, and keys of admins with the scope metrics.read, may read the metrics.';
        return toResponse(familyOf(path)({ code: 'forbidden', message }));
      }
      return c.body(await metrics.render(), 200, { 'content-type': metrics.contentType });
    });
  }
}

/** Answers a request for the WebSocket that does not upgrade. */
function mountSocketHint(app: Hono<HubEnv>): void {
  app.get(socketPath, () => {
    const message = 'This is a WebSocket: connect with Upgrade: websocket, and send {"type":"auth","token":"…"} first.';
    const answer = familyOf(socketPath)({ code: 'method_not_allowed', message });
    return toResponse({ ...answer, status: 426, headers: { upgrade: 'websocket' } });
  });
}

function mountDocument(app: Hono<HubEnv>, { instance }: AppOptions): void {
  const routes = listRoutes(dialects);
  // Only the address differs from one name of the hub to the next.
  const place = 'http://address-of-the-hub.invalid';
  let parts: string[] | null = null;
  app.get('/openapi.json', (c) => {
    const url = instance.publicUrl ?? new URL(c.req.url).origin;
    const { version } = instance;
    parts ??= JSON.stringify(buildDocument(dialects, routes, { version, url: place })).split(JSON.stringify(place));
    const text = parts.join(JSON.stringify(url));
    return c.body(text, 200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' });
  });
}

/** Procedures of the page and of typed clients; a call that is refused for lack of credentials is not read. */
function mountTrpc(app: Hono<HubEnv>): void {
  function refuse(problem: Problem) {
    return toResponse(familyOf('/trpc')(problem));
  }
  app.all('/trpc/*', async (c) => {
    const made = c.get('api')();
    // Null where the actor is unknown because the database is away: the context then fails with that error.
    const actor = await made.then(
      ({ core }) => core.actor,
      () => null,
    );
    const called = readCall(c.req.path.slice('/trpc/'.length), c.req.query('batch') === '1');
    const isRead = called.refusal === null && actor !== null && (actor.type !== 'anonymous' || called.isOpen);
    const { url, method, headers, signal } = c.req.raw;
    const limited = isRead
      ? await limitBody(c.req.raw, c.get('bounds')(actor))
      : ({ ok: true, request: new Request(url, { method, headers, signal }) } as const);
    if (!limited.ok && limited.isUnread) return toLastResponse(familyOf('/trpc')(limited.problem), c.env.incoming);
    if (!limited.ok) return refuse(limited.problem);
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      req: limited.request,
      router: appRouter,
      createContext: () => {
        if (called.refusal === null) return made.catch(rethrowAsTRPC);
        throw new TRPCError({ code: 'BAD_REQUEST', message: called.refusal });
      },
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    response.headers.set('cache-control', isStream ? 'no-cache' : 'no-store');
    return response;
  });
}

/** Of a problem that no part of the request is to blame for. */
const nowhere: InputPlaces = { path: [], query: [], body: null, isBodyless: true, names: {} };

/** The hub's web application: everything on its port that is not MCP. */
export function createApp(options: AppOptions): Hono<HubEnv> {
  const { log, config, core, drain, bodies } = options;
  const app = new Hono<HubEnv>();
  function answer(pathname: string, code: ProblemCode, message: string, allow?: readonly string[]) {
    return toResponse(familyOf(pathname)({ code, message, ...(allow && { allow }) }));
  }

  app.use(async (c, next) => {
    const requestId = c.req.header(requestIdHeader) ?? crypto.randomUUID();
    c.set('requestId', requestId);
    c.set('cookies', []);
    const remote = c.env.incoming ? getConnInfo(c).remote.address : undefined;
    c.set('address', readAddress(c.req.header('x-forwarded-for'), remote ?? null, config.trustProxy));
    c.set('bounds', (caller) => bodies.bounds(caller, c.get('address')));
    c.set('api', apiContext(c, options));
    const trace = traceOf(c.env.incoming);
    if ((await drain.orCut(next().then(() => true))) === null) c.res = toResponse(stoppingAnswer(c.req.path));
    trace?.name(routePath(c, -1));
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
  mountFrames(app);
  mountSignIns(app, options);
  mountProbes(app, options);
  mountDocument(app, options);
  mountSocketHint(app);
  mountTrpc(app);
  mountDialects(app, { router: dialects, log });
  app.notFound((c) => answer(c.req.path, 'route_not_found', `There is nothing at ${c.req.method} ${c.req.path}.`));
  app.onError((error, c) => {
    const problem = findProblem(error, nowhere, undefined);
    if (problem) return toResponse(familyOf(c.req.path)(problem));
    const requestId = c.get('requestId');
    const traceId = traceOf(c.env.incoming)?.spanOf(undefined).traceId ?? undefined;
    log.error({ requestId, traceId, path: c.req.path, error }, 'A request failed');
    return answer(c.req.path, 'internal', `Something went wrong in the hub. Its log tells more under ${requestId}.`);
  });
  return app;
}
