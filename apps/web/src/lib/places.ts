import { createRootRoute, createRoute } from '@tanstack/react-router';
import { EngineSearch } from './engine-search.ts';

/** Where pages of several features have their place. How one looks is set by its feature, or in `app/create-router.ts`. */
export const root = createRootRoute();

/** Around every page about a Docker Engine. */
export const engine = createRoute({ getParentRoute: () => root, id: 'engine', validateSearch: EngineSearch });

/** The lists of what is on an engine, one beside the other. */
export const sections = createRoute({ getParentRoute: () => engine, id: 'sections' });

/** Around the tabs of a server's page. */
export const server = createRoute({ getParentRoute: () => root, path: '/servers/$id' });

/** Around the tabs of a group's page. */
export const group = createRoute({ getParentRoute: () => root, path: '/groups/$id' });
