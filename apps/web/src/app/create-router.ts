import { createRouter, type AnyRoute, type RouterHistory } from '@tanstack/react-router';
import { part } from '../lib/part.ts';
import { engine, group, root, sections, server } from '../lib/places.ts';
import { NotFound, PageError } from './error-page.tsx';
import * as features from './features.ts';
import { jointRoutes } from './joint-routes.ts';
import { Shell } from './shell.tsx';

type Features = typeof features;
type RoutesOf<Feature> = Feature extends { routes: readonly (infer Each)[] } ? Each : never;
type FeatureRoute = { [Name in keyof Features]: RoutesOf<Features[Name]> }[keyof Features];

function routesOf(feature: Features[keyof Features]): readonly FeatureRoute[] {
  return 'routes' in feature ? feature.routes : [];
}

root.update({ component: Shell, notFoundComponent: NotFound });
engine.update({ component: part(() => import('./engine-frame.tsx'), 'EngineFrame') });
sections.update({ component: part(() => import('./sections-layout.tsx'), 'SectionsLayout') });

const routes = [engine, sections, server, group, ...Object.values(features).flatMap(routesOf), ...jointRoutes];
// By type every page is below the root; each is put below the place that it names itself.
const routeTree = root.addChildren(routes);
for (const parent of [root, ...routes] as AnyRoute[]) {
  parent.addChildren((routes as AnyRoute[]).filter((route) => route.options.getParentRoute() === parent));
}

/** A router over all pages; without a history it follows the browser's address. */
export function createPageRouter(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history && { history }),
    basepath: '/ui',
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: PageError,
  });
}
