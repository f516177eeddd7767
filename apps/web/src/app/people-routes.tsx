import { createRoute } from '@tanstack/react-router';
import { AuditSearch } from '../features/audit/search.ts';
import { GroupRightsSearch, GroupServersSearch, GroupsSearch } from '../features/groups/search.ts';
import { UsersSearch } from '../features/users/search.ts';
import { part } from './part.ts';
import { root } from './root-route.tsx';

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  validateSearch: GroupsSearch,
  component: part(() => import('../features/groups/groups-page.tsx'), 'GroupsPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/groups/$id',
  component: part(() => import('../features/groups/group-page.tsx'), 'GroupPage'),
});

const groupMembers = createRoute({
  getParentRoute: () => group,
  path: '/',
  component: part(() => import('../features/groups/members-tab.tsx'), 'MembersTab'),
});

const groupServers = createRoute({
  getParentRoute: () => group,
  path: '/servers',
  validateSearch: GroupServersSearch,
  component: part(() => import('../features/groups/servers-tab.tsx'), 'ServersTab'),
});

const groupConnect = createRoute({
  getParentRoute: () => group,
  path: '/connect',
  component: part(() => import('./pages.tsx'), 'GroupConnect'),
});

const groupRights = createRoute({
  getParentRoute: () => group,
  path: '/rights',
  validateSearch: GroupRightsSearch,
  component: part(() => import('../features/groups/rights-tab.tsx'), 'RightsTab'),
});

const groupSettings = createRoute({
  getParentRoute: () => group,
  path: '/settings',
  component: part(() => import('../features/groups/settings-tab.tsx'), 'GroupSettingsTab'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: AuditSearch,
  component: part(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
});

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: UsersSearch,
  component: part(() => import('../features/users/users-page.tsx'), 'UsersPage'),
});

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$id',
  component: part(() => import('../features/users/user-page.tsx'), 'UserPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: part(() => import('./pages.tsx'), 'Account'),
});

/** The pages about people and what they may do. */
export const peopleRoutes = [
  groups,
  group.addChildren([groupMembers, groupServers, groupConnect, groupRights, groupSettings]),
  users,
  user,
  account,
  audit,
] as const;
