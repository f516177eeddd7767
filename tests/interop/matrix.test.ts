import { afterAll, beforeAll, describe, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { CLIENT_KINDS, type ClientKind, connect } from '../support/mcp/clients.ts';
import { type Upstream, UPSTREAM_KINDS, type UpstreamKind, UPSTREAMS } from '../support/mcp/upstreams.ts';
import { BEHAVIOURS, type Place } from './behaviours.ts';

/** Every client in front of every server, at the server's own endpoint and among others under `/mcp`. */

let hub: HubProcess;
const upstreams = new Map<UpstreamKind, Upstream>();

beforeAll(async () => {
  hub = await startHub();
  await Promise.all(
    UPSTREAM_KINDS.map(async (kind) => {
      const upstream = await UPSTREAMS[kind](kind);
      upstreams.set(kind, upstream);
      await hub.add(kind, upstream);
    }),
  );
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const upstream of upstreams.values()) await upstream[Symbol.asyncDispose]();
});

async function at(clientKind: ClientKind, server: UpstreamKind, endpoint: 'own' | 'all'): Promise<Place> {
  const name = endpoint === 'own' ? server : undefined;
  const url = clientKind === 'v1-sse' ? hub.sseUrl(name) : hub.url(name);
  const client = await connect(clientKind, url, { headers: hub.headers });
  const exposed = (item: string): string => (endpoint === 'own' ? item : `${server}__${item}`);
  return { client, server, exposed };
}

const pairs = CLIENT_KINDS.flatMap((client) => UPSTREAM_KINDS.map((server) => [client, server] as const));

describe.each(pairs)('%s reaches %s', (clientKind, server) => {
  test.each(Object.entries(BEHAVIOURS))('%s', async (_title, behaviour) => {
    const place = await at(clientKind, server, 'own');
    await using _client = place.client;
    await behaviour(place);
  });
});

describe.each(pairs)('%s reaches %s among others', (clientKind, server) => {
  test.each(Object.entries(BEHAVIOURS))('%s', async (_title, behaviour) => {
    const place = await at(clientKind, server, 'all');
    await using _client = place.client;
    await behaviour(place);
  });
});
