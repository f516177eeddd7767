import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { group, root } from '../../lib/places.ts';
import { VersionSearch } from '../../lib/version-search.ts';
import { GroupRightsSearch, GroupServersSearch, GroupsSearch } from './search.ts';

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  validateSearch: GroupsSearch,
  component: part(() => import('./groups-page.tsx'), 'GroupsPage'),
});

group.update({ component: part(() => import('./group-page.tsx'), 'GroupPage') });

const members = createRoute({
  getParentRoute: () => group,
  path: '/',
  component: part(() => import('./members-tab.tsx'), 'MembersTab'),
});

const servers = createRoute({
  getParentRoute: () => group,
  path: '/servers',
  validateSearch: GroupServersSearch,
  component: part(() => import('./servers-tab.tsx'), 'ServersTab'),
});

const rights = createRoute({
  getParentRoute: () => group,
  path: '/rights',
  validateSearch: GroupRightsSearch,
  component: part(() => import('./rights-tab.tsx'), 'RightsTab'),
});

const history = createRoute({
  getParentRoute: () => group,
  path: '/history',
  validateSearch: VersionSearch,
  component: part(() => import('./history-tab.tsx'), 'GroupHistoryTab'),
});

const settings = createRoute({
  getParentRoute: () => group,
  path: '/settings',
  component: part(() => import('./settings-tab.tsx'), 'GroupSettingsTab'),
});

export const routes = [groups, members, servers, rights, history, settings];
