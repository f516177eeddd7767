import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { engine, sections } from '../../lib/places.ts';
import { ContainerFilesSearch, ContainerLogsSearch, ContainersSearch, NewContainerSearch } from './search.ts';

const containers = createRoute({
  getParentRoute: () => sections,
  path: '/containers',
  validateSearch: ContainersSearch,
  component: part(() => import('./containers-page.tsx'), 'ContainersPage'),
});

const newContainer = createRoute({
  getParentRoute: () => engine,
  path: '/containers/new',
  validateSearch: NewContainerSearch,
  component: part(() => import('./new-container-page.tsx'), 'NewContainerPage'),
});

const container = createRoute({
  getParentRoute: () => engine,
  path: '/containers/$id',
  component: part(() => import('./container-page.tsx'), 'ContainerPage'),
});

const overview = createRoute({
  getParentRoute: () => container,
  path: '/',
  component: part(() => import('./overview-tab.tsx'), 'OverviewTab'),
});

const logs = createRoute({
  getParentRoute: () => container,
  path: '/logs',
  validateSearch: ContainerLogsSearch,
  component: part(() => import('./logs-tab.tsx'), 'LogsTab'),
});

const terminal = createRoute({
  getParentRoute: () => container,
  path: '/terminal',
  component: part(() => import('./terminal-tab.tsx'), 'TerminalTab'),
});

const stats = createRoute({
  getParentRoute: () => container,
  path: '/stats',
  component: part(() => import('./stats-tab.tsx'), 'StatsTab'),
});

const files = createRoute({
  getParentRoute: () => container,
  path: '/files',
  validateSearch: ContainerFilesSearch,
  component: part(() => import('./files-tab.tsx'), 'FilesTab'),
});

const inspect = createRoute({
  getParentRoute: () => container,
  path: '/inspect',
  component: part(() => import('./inspect-tab.tsx'), 'InspectTab'),
});

const settings = createRoute({
  getParentRoute: () => container,
  path: '/settings',
  component: part(() => import('./settings-tab.tsx'), 'SettingsTab'),
});

export const routes = [containers, newContainer, container, overview, logs, terminal, stats, files, inspect, settings];
