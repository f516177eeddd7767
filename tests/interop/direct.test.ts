import { describe, test } from 'vitest';
import { connect } from '../support/mcp/clients.ts';
import type { ClientKind } from '../support/mcp/test-client.ts';
import { type UpstreamKind, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { behaviours } from './behaviours.ts';

/** Pairs that understand each other without a hub: what fails here is the fixture's fault. */
const pairs: [ClientKind, UpstreamKind][] = [
  ['v1-streamable', 'v1-http'],
  ['v1-sse', 'v1-sse'],
  ['v1-streamable', 'v2-legacy-http'],
  ['v1-streamable', 'v2-dual-http'],
  ['v2-legacy', 'v1-http'],
  ['v2-legacy', 'v2-dual-http'],
  ['v2-modern', 'v2-dual-http'],
  ['v2-modern', 'v2-modern-http'],
];

describe.each(pairs)('%s speaks to %s directly', (clientKind, upstreamKind) => {
  test.each(Object.entries(behaviours))('%s', async (_title, behaviour) => {
    await using upstream = await upstreamPrograms[upstreamKind]('alpha');
    if (upstream.config.kind === 'stdio') throw new Error('needs a URL');
    await using client = await connect(clientKind, upstream.config.url);
    await behaviour({ client, server: 'alpha', exposed: (name) => name });
  });
});
