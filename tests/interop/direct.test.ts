import { describe, test } from 'vitest';
import { type ClientKind, connect } from '../support/mcp/clients.ts';
import { type UpstreamKind, UPSTREAMS } from '../support/mcp/upstreams.ts';
import { BEHAVIOURS } from './behaviours.ts';

/** Pairs that understand each other without a hub: what fails here is the fixture's fault. */
const PAIRS: [ClientKind, UpstreamKind][] = [
  ['v1-streamable', 'v1-http'],
  ['v1-sse', 'v1-sse'],
  ['v1-streamable', 'v2-legacy-http'],
  ['v1-streamable', 'v2-dual-http'],
  ['v2-legacy', 'v1-http'],
  ['v2-legacy', 'v2-dual-http'],
  ['v2-modern', 'v2-dual-http'],
  ['v2-modern', 'v2-modern-http'],
];

describe.each(PAIRS)('%s speaks to %s directly', (clientKind, upstreamKind) => {
  test.each(Object.entries(BEHAVIOURS))('%s', async (_title, behaviour) => {
    await using upstream = await UPSTREAMS[upstreamKind]('alpha');
    if (upstream.config.kind === 'stdio') throw new Error('needs a URL');
    await using client = await connect(clientKind, upstream.config.url);
    await behaviour({ client, server: 'alpha', exposed: (name) => name });
  });
});
