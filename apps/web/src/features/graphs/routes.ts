import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { VersionSearch } from '../../lib/version-search.ts';
import { GraphsSearch, NodeSearch, RunsSearch } from './search.ts';

const graphs = createRoute({
  getParentRoute: () => root,
  path: '/graphs',
  validateSearch: GraphsSearch,
  component: part(() => import('./graphs-page.tsx'), 'GraphsPage'),
});

const graph = createRoute({
  getParentRoute: () => root,
  path: '/graphs/$id',
  component: part(() => import('./graph-page.tsx'), 'GraphPage'),
});

const draw = createRoute({
  getParentRoute: () => graph,
  path: '/',
  component: part(() => import('./draw-tab.tsx'), 'DrawTab'),
});

const runs = createRoute({
  getParentRoute: () => graph,
  path: '/runs',
  validateSearch: RunsSearch,
  component: part(() => import('./runs-tab.tsx'), 'RunsTab'),
});

const history = createRoute({
  getParentRoute: () => graph,
  path: '/history',
  validateSearch: VersionSearch,
  component: part(() => import('./history-tab.tsx'), 'HistoryTab'),
});

const readme = createRoute({
  getParentRoute: () => graph,
  path: '/readme',
  component: part(() => import('./readme-tab.tsx'), 'ReadmeTab'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/graphs/$id/runs/$run',
  validateSearch: NodeSearch,
  component: part(() => import('./run-page.tsx'), 'RunPage'),
});

export const routes = [graphs, graph, draw, runs, history, readme, run];
