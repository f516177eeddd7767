import { Activity, Cable, FlaskConical, KeyRound, LayoutDashboard, Server, Settings2 } from 'lucide-react';

/** The rail, in order. Only what works is here. */
export const navigation = [
  { to: '/', key: 'overview', icon: LayoutDashboard },
  { to: '/servers', key: 'servers', icon: Server },
  { to: '/playground', key: 'playground', icon: FlaskConical },
  { to: '/connect', key: 'connect', icon: Cable },
  { to: '/calls', key: 'calls', icon: Activity },
  { to: '/keys', key: 'keys', icon: KeyRound },
  { to: '/settings', key: 'settings', icon: Settings2 },
] as const;
