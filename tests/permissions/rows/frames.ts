import type { Rows } from './row.ts';

export const trpc: Rows = {
  // No interface is there, which is found out only by who may use the server.
  'frames.showApp': { server: 'use', say: ({ id }) => ({ input: { serverId: id, uri: 'ui://none' } }) },
  'frames.showHtml': { circle: 'signedIn', say: () => ({ input: { html: '<p>Hello</p>' } }) },
};
