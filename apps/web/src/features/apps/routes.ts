import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { ActionsSearch, AppLogSearch, AppsSearch } from './search.ts';

const simulator = createRoute({
  getParentRoute: () => root,
  path: '/simulator',
  validateSearch: AppsSearch,
  component: part(() => import('./simulator-page.tsx'), 'SimulatorPage'),
});

const tokens = createRoute({
  getParentRoute: () => root,
  path: '/simulator/tokens',
  component: part(() => import('./tokens-page.tsx'), 'TokensPage'),
});

const token = createRoute({
  getParentRoute: () => root,
  path: '/simulator/tokens/$id',
  component: part(() => import('./token-page.tsx'), 'TokenPage'),
});

const templates = createRoute({
  getParentRoute: () => root,
  path: '/simulator/templates',
  component: part(() => import('./templates-page.tsx'), 'TemplatesPage'),
});

const log = createRoute({
  getParentRoute: () => root,
  path: '/simulator/log',
  validateSearch: AppLogSearch,
  component: part(() => import('./log-page.tsx'), 'LogPage'),
});

const app = createRoute({
  getParentRoute: () => root,
  path: '/simulator/$id',
  component: part(() => import('./app-page.tsx'), 'AppPage'),
});

const actions = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: ActionsSearch,
  component: part(() => import('./actions-tab.tsx'), 'ActionsTab'),
});

const tryIt = createRoute({
  getParentRoute: () => app,
  path: '/try',
  validateSearch: ActionsSearch,
  component: part(() => import('./try-tab.tsx'), 'TryTab'),
});

const faults = createRoute({
  getParentRoute: () => app,
  path: '/faults',
  component: part(() => import('./faults-tab.tsx'), 'FaultsTab'),
});

const recordings = createRoute({
  getParentRoute: () => app,
  path: '/recordings',
  component: part(() => import('./recordings-tab.tsx'), 'RecordingsTab'),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: part(() => import('./settings-tab.tsx'), 'SettingsTab'),
});

const connect = createRoute({
  getParentRoute: () => app,
  path: '/connect',
  component: part(() => import('./connect-tab.tsx'), 'ConnectTab'),
});

export const routes = [
  simulator,
  tokens,
  token,
  templates,
  log,
  app,
  actions,
  tryIt,
  recordings,
  faults,
  settings,
  connect,
];
