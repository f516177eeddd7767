import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { engine } from '../../lib/places.ts';
import { VersionSearch } from '../../lib/version-search.ts';
import { StackLogsSearch, StacksSearch } from './search.ts';

const stacks = createRoute({
  getParentRoute: () => engine,
  path: '/stacks',
  validateSearch: StacksSearch,
  component: part(() => import('./stacks-page.tsx'), 'StacksPage'),
});

const newStack = createRoute({
  getParentRoute: () => engine,
  path: '/stacks/new',
  component: part(() => import('./new-stack-page.tsx'), 'NewStackPage'),
});

const stack = createRoute({
  getParentRoute: () => engine,
  path: '/stacks/$id',
  component: part(() => import('./stack-page.tsx'), 'StackPage'),
});

const services = createRoute({
  getParentRoute: () => stack,
  path: '/',
  component: part(() => import('./services-tab.tsx'), 'ServicesTab'),
});

const editor = createRoute({
  getParentRoute: () => stack,
  path: '/editor',
  component: part(() => import('./editor-tab.tsx'), 'EditorTab'),
});

const logs = createRoute({
  getParentRoute: () => stack,
  path: '/logs',
  validateSearch: StackLogsSearch,
  component: part(() => import('./logs-tab.tsx'), 'StackLogsTab'),
});

const history = createRoute({
  getParentRoute: () => stack,
  path: '/history',
  validateSearch: VersionSearch,
  component: part(() => import('./history-tab.tsx'), 'StackHistoryTab'),
});

const settings = createRoute({
  getParentRoute: () => stack,
  path: '/settings',
  component: part(() => import('./settings-tab.tsx'), 'StackSettingsTab'),
});

export const routes = [stacks, newStack, stack, services, editor, logs, history, settings];
