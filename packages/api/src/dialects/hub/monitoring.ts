import { z } from 'zod';
import { systemStatus } from '@switchboard/core/monitoring';
import { route } from './dialect.ts';
import { monitoring } from './examples.ts';
import { ok, toHubSystemStatus } from './map.ts';
import { envelope, HubSystemStatus } from './wire.ts';

export const status = route({
  method: 'GET',
  path: '/api/monitoring/status',
  summary: 'Show how the hub is',
  description:
    'Servers are those that the caller sees. `performance` and `calls` count calls of MCP servers, whichever way they ' +
    'came, and no requests of these APIs: of the whole hub for admins, of the servers that one sees for others.',
  verbs: [systemStatus],
  errors: [401],
  example: { response: monitoring.status },
})
  .input(z.object({}))
  .output(envelope(HubSystemStatus))
  .query(async ({ ctx }) => ok(toHubSystemStatus(await systemStatus(ctx.core, {}))));
