import type { Route } from './route.ts';

export interface ListedRoute {
  /** Dotted name of the procedure. */
  name: string;
  route: Route;
  /** The zod schemas of its input. */
  inputs: readonly unknown[];
}
