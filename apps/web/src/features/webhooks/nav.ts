import { Webhook } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 115, to: '/webhooks', label: 'webhooks.title', icon: Webhook, needs: 'manageWebhooks' },
];
