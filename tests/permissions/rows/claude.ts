import { none } from './kit.ts';
import type { Rows } from './row.ts';

export const rest: Rows = {
  'containers.claude.config': { circle: 'unconfined', say: none },
  // Nothing that its settings offer is there, so nobody asks a provider.
  'containers.claude.chatLater': { circle: 'notViewers', say: () => ({ input: { prompt: 'Hello' } }) },
  'containers.claude.result': { circle: 'notViewers', nowhere: true, say: () => ({ params: { request_id: 'ghost' } }) },
  'containers.claude.chat': { circle: 'notViewers', say: () => ({ input: { prompt: 'Hello' } }) },
};
