import { systemStatus } from '@switchboard/core';
import { z } from 'zod';
import { route } from './dialect.ts';
import { monitoring } from './examples.ts';
import { ok, toHubSystemStatus } from './map.ts';
import { envelope, HubSystemStatus } from './wire.ts';

export const status = route({
  method: 'GET',
  path: '/api/monitoring/status',
  summary: 'Show how the hub is',
  verbs: [systemStatus],
  errors: [401],
  example: { response: monitoring.status },
})
  .input(z.object({}))
  .output(envelope(HubSystemStatus))
  .query(async ({ ctx }) => ok(toHubSystemStatus(await systemStatus(ctx.core, {}))));
