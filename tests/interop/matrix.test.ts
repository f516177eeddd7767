import { afterAll, beforeAll, describe, test } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { isLong } from '../support/long.ts';
import { connect } from '../support/mcp/clients.ts';
import { clientKinds, type ClientKind } from '../support/mcp/test-client.ts';
import { type Upstream, upstreamKinds, type UpstreamKind, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { type RuntimeHub, startRuntimeHub } from '../support/runtime-hub.ts';
import { behaviours, type Place } from './behaviours.ts';

/**
 * Every client in front of every server, at the server's own endpoint and among others under `/mcp`. Each pair shows
 * every other behaviour, and all of them in the long tests: each client meets each behaviour with half of the servers,
 * and each server meets it with half of the clients.
 */

type Hub = Pick<RuntimeHub, 'url' | 'sseUrl' | 'headers'> &
  AsyncDisposable & { add(id: string, upstream: Upstream): Promise<void> };

let hub: Hub;
const upstreams = new Map<UpstreamKind, Upstream>();

beforeAll(async () => {
  hub = process.env['INTEROP_ON'] === 'runtime' ? await startRuntimeHub() : await startHub();
  await Promise.all(
    upstreamKinds.map(async (kind) => {
      const upstream = await upstreamPrograms[kind](kind);
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
  function exposed(item: string): string {
    return endpoint === 'own' ? item : `${server}__${item}`;
  }
  return { client, server, exposed };
}

/** Names and URIs are routed alike whoever the server is: three of them stand for all under `/mcp`. */
const amongOthers = ['v1-stdio', 'v1-http', 'v2-modern-http'] as const;

const crossed = clientKinds.flatMap((client) => [
  ...upstreamKinds.map((server) => [client, server, 'own'] as const),
  ...amongOthers.map((server) => [client, server, 'all'] as const),
]);

describe.each(crossed)('%s reaches %s at its endpoint, %s', (clientKind, server, endpoint) => {
  let place: Place;
  beforeAll(async () => {
    place = await at(clientKind, server, endpoint);
  });
  afterAll(() => place?.client.end());

  const here = clientKinds.indexOf(clientKind) + upstreamKinds.indexOf(server);
  const shown = Object.entries(behaviours).filter((_, index) => isLong || (index + here) % 2 === 0);
  test.each(shown)('%s', (_title, behaviour) => behaviour(place));
});
