import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { group, root } from '../../lib/places.ts';

const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  component: part(() => import('./chat-page.tsx'), 'ChatPage'),
});

/** The same page: what is typed and heard stays when the first answer gives a conversation its address. */
const conversation = createRoute({ getParentRoute: () => chat, path: '$id' });

/** What admins see where the settings let them read what others say to models. */
const others = createRoute({
  getParentRoute: () => root,
  path: '/conversations',
  component: part(() => import('./others-page.tsx'), 'OthersPage'),
});

const inspected = createRoute({
  getParentRoute: () => root,
  path: '/conversations/$id',
  component: part(() => import('./inspect-page.tsx'), 'InspectPage'),
});

const groupToolRules = createRoute({
  getParentRoute: () => group,
  path: '/model-tools',
  component: part(() => import('./group-tool-rules.tsx'), 'GroupToolRules'),
});

export const routes = [chat, conversation, others, inspected, groupToolRules];
