import { agentsRouter } from './agents/index.ts';
import { containersRouter } from './containers/index.ts';
import { hubRouter } from './hub/index.ts';
import type { ListedRoute } from './kit/listing.ts';
import { dialectRouter, type Route } from './kit/route.ts';
import { openaiRouter } from './openai/index.ts';
import { registryRouter } from './registry/index.ts';
import { simulatorRouter } from './simulator/index.ts';

export { familyOf, isReservedMcpPath, isRateLimited } from './kit/families.ts';
export { buildDocument } from './kit/openapi/document.ts';
export type { ListedRoute } from './kit/listing.ts';
export { listParameters } from './kit/openapi/parameters.ts';
export {
  type Answer,
  internal,
  type Problem,
  type ProblemCode,
  repeatedParameter,
  unauthenticated,
  unknownParameter,
} from './kit/problem.ts';
export { createDialectCaller, hasBody, needsOf, pathsOf, queryNamesOf, type Route } from './kit/route.ts';
export { withoutNulls } from './kit/nulls.ts';
export { fileResponse, isFileAnswer } from './kit/file.ts';
export { type StreamForm, streamFormFor } from './kit/accept.ts';
export { isStream, linesResponse, sseResponse, type SseEvent } from './kit/sse.ts';
export { findProblem, type InputPlaces } from './kit/to-problem.ts';

/** Every documented REST API; not served under /trpc. */
export const dialects = dialectRouter({
  containers: containersRouter,
  hub: hubRouter,
  agents: agentsRouter,
  openai: openaiRouter,
  registry: registryRouter,
  simulator: simulatorRouter,
});
export type DialectRouter = typeof dialects;

/** All documented routes with the names of their procedures. */
export function listRoutes(router: DialectRouter): ListedRoute[] {
  const procedures: Record<string, { _def: { meta?: unknown; inputs?: readonly unknown[] } }> = router._def
    .procedures as never;
  return Object.entries(procedures).map(([name, procedure]) => {
    const meta = procedure._def.meta as { route?: Route } | undefined;
    if (!meta?.route) throw new Error(`The procedure ${name} of a documented API has no route.`);
    return { name, route: meta.route, inputs: procedure._def.inputs ?? [] };
  });
}
