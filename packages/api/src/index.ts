import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from './root.ts';

export { readCall, type ReadCall } from './read-call.ts';
export { appRouter, type AppRouter } from './root.ts';
export type { ApiContext, InstanceInfo, SessionCookie, ShownSettings } from './context.ts';
export { rethrowAsTRPC } from './trpc.ts';
export { createStreams, heldStream, isHeld, type Streams } from './streams.ts';
export type { LiveEvent } from './live.ts';

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
