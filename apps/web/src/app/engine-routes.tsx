import { createRoute } from '@tanstack/react-router';
import {
  ContainerFilesSearch,
  ContainerLogsSearch,
  ContainersSearch,
  NewContainerSearch,
} from '../features/containers/search.ts';
import { ImagesSearch } from '../features/images/search.ts';
import { NetworksSearch } from '../features/networks/search.ts';
import { StackLogsSearch, StacksSearch } from '../features/stacks/search.ts';
import { VolumesSearch } from '../features/volumes/search.ts';
import { EngineSearch } from '../lib/engine-search.ts';
import { part } from './part.ts';
import { root } from './root-route.tsx';

const engine = createRoute({
  getParentRoute: () => root,
  id: 'engine',
  validateSearch: EngineSearch,
  component: part(() => import('../features/engines/engine-frame.tsx'), 'EngineFrame'),
});

const sections = createRoute({
  getParentRoute: () => engine,
  id: 'sections',
  component: part(() => import('../features/engines/sections-layout.tsx'), 'SectionsLayout'),
});

const containers = createRoute({
  getParentRoute: () => sections,
  path: '/containers',
  validateSearch: ContainersSearch,
  component: part(() => import('../features/containers/containers-page.tsx'), 'ContainersPage'),
});

const images = createRoute({
  getParentRoute: () => sections,
  path: '/containers/images',
  validateSearch: ImagesSearch,
  component: part(() => import('../features/images/images-page.tsx'), 'ImagesPage'),
});

const volumes = createRoute({
  getParentRoute: () => sections,
  path: '/containers/volumes',
  validateSearch: VolumesSearch,
  component: part(() => import('../features/volumes/volumes-page.tsx'), 'VolumesPage'),
});

const networks = createRoute({
  getParentRoute: () => sections,
  path: '/containers/networks',
  validateSearch: NetworksSearch,
  component: part(() => import('../features/networks/networks-page.tsx'), 'NetworksPage'),
});

const overview = createRoute({
  getParentRoute: () => sections,
  path: '/containers/engine',
  component: part(() => import('../features/engines/engine-page.tsx'), 'EnginePage'),
});

const newContainer = createRoute({
  getParentRoute: () => engine,
  path: '/containers/new',
  validateSearch: NewContainerSearch,
  component: part(() => import('../features/containers/new-container-page.tsx'), 'NewContainerPage'),
});

const container = createRoute({
  getParentRoute: () => engine,
  path: '/containers/$id',
  component: part(() => import('../features/containers/container-page.tsx'), 'ContainerPage'),
});

const containerOverview = createRoute({
  getParentRoute: () => container,
  path: '/',
  component: part(() => import('../features/containers/overview-tab.tsx'), 'OverviewTab'),
});

const containerLogs = createRoute({
  getParentRoute: () => container,
  path: '/logs',
  validateSearch: ContainerLogsSearch,
  component: part(() => import('../features/containers/logs-tab.tsx'), 'LogsTab'),
});

const containerTerminal = createRoute({
  getParentRoute: () => container,
  path: '/terminal',
  component: part(() => import('../features/containers/terminal-tab.tsx'), 'TerminalTab'),
});

const containerStats = createRoute({
  getParentRoute: () => container,
  path: '/stats',
  component: part(() => import('../features/containers/stats-tab.tsx'), 'StatsTab'),
});

const containerFiles = createRoute({
  getParentRoute: () => container,
  path: '/files',
  validateSearch: ContainerFilesSearch,
  component: part(() => import('../features/containers/files-tab.tsx'), 'FilesTab'),
});

const containerInspect = createRoute({
  getParentRoute: () => container,
  path: '/inspect',
  component: part(() => import('../features/containers/inspect-tab.tsx'), 'InspectTab'),
});

const containerSettings = createRoute({
  getParentRoute: () => container,
  path: '/settings',
  component: part(() => import('../features/containers/settings-tab.tsx'), 'SettingsTab'),
});

const stacks = createRoute({
  getParentRoute: () => engine,
  path: '/stacks',
  validateSearch: StacksSearch,
  component: part(() => import('../features/stacks/stacks-page.tsx'), 'StacksPage'),
});

const newStack = createRoute({
  getParentRoute: () => engine,
  path: '/stacks/new',
  component: part(() => import('../features/stacks/new-stack-page.tsx'), 'NewStackPage'),
});

const stack = createRoute({
  getParentRoute: () => engine,
  path: '/stacks/$id',
  component: part(() => import('../features/stacks/stack-page.tsx'), 'StackPage'),
});

const stackServices = createRoute({
  getParentRoute: () => stack,
  path: '/',
  component: part(() => import('../features/stacks/services-tab.tsx'), 'ServicesTab'),
});

const stackEditor = createRoute({
  getParentRoute: () => stack,
  path: '/editor',
  component: part(() => import('../features/stacks/editor-tab.tsx'), 'EditorTab'),
});

const stackLogs = createRoute({
  getParentRoute: () => stack,
  path: '/logs',
  validateSearch: StackLogsSearch,
  component: part(() => import('../features/stacks/logs-tab.tsx'), 'StackLogsTab'),
});

const stackSettings = createRoute({
  getParentRoute: () => stack,
  path: '/settings',
  component: part(() => import('../features/stacks/settings-tab.tsx'), 'StackSettingsTab'),
});

/** The pages about engines and what is on them. */
export const engineRoutes = engine.addChildren([
  sections.addChildren([containers, images, volumes, networks, overview]),
  newContainer,
  container.addChildren([
    containerOverview,
    containerLogs,
    containerTerminal,
    containerStats,
    containerFiles,
    containerInspect,
    containerSettings,
  ]),
  stacks,
  newStack,
  stack.addChildren([stackServices, stackEditor, stackLogs, stackSettings]),
]);
