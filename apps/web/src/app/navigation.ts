import {
  Activity,
  Boxes,
  Cable,
  Container,
  FlaskConical,
  KeyRound,
  Layers2,
  LayoutDashboard,
  ScrollText,
  Server,
  Settings2,
  Users,
  type LucideIcon,
} from 'lucide-react';
import type { Me } from '../lib/api-types.ts';

interface Entry {
  to:
    | '/'
    | '/servers'
    | '/playground'
    | '/connect'
    | '/containers'
    | '/stacks'
    | '/calls'
    | '/groups'
    | '/users'
    | '/keys'
    | '/audit'
    | '/settings';
  key:
    | 'overview'
    | 'servers'
    | 'playground'
    | 'connect'
    | 'containers'
    | 'stacks'
    | 'calls'
    | 'groups'
    | 'users'
    | 'keys'
    | 'audit'
    | 'settings';
  icon: LucideIcon;
  /** For whom it is there; for everyone where absent. */
  needs?: keyof Me['can'];
}

/** The rail, in order. Only what works is here. */
const navigation: readonly Entry[] = [
  { to: '/', key: 'overview', icon: LayoutDashboard },
  { to: '/servers', key: 'servers', icon: Server },
  { to: '/playground', key: 'playground', icon: FlaskConical, needs: 'useServers' },
  { to: '/connect', key: 'connect', icon: Cable },
  { to: '/containers', key: 'containers', icon: Container, needs: 'manageContainers' },
  { to: '/stacks', key: 'stacks', icon: Layers2, needs: 'manageContainers' },
  { to: '/calls', key: 'calls', icon: Activity },
  { to: '/groups', key: 'groups', icon: Boxes },
  { to: '/users', key: 'users', icon: Users, needs: 'listUsers' },
  { to: '/keys', key: 'keys', icon: KeyRound, needs: 'createKey' },
  { to: '/audit', key: 'audit', icon: ScrollText },
  { to: '/settings', key: 'settings', icon: Settings2 },
];

/** What somebody may use of it. */
export function navigationFor({ can }: Me): readonly Entry[] {
  return navigation.filter(({ needs }) => needs === undefined || can[needs]);
}
