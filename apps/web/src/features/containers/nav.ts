import { Container } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  {
    group: 'rail',
    order: 50,
    to: '/containers',
    label: 'common.containers',
    icon: Container,
    needs: 'manageContainers',
  },
  { group: 'engine', order: 10, to: '/containers', label: 'common.containers', lead: 'containers.lead' },
];
