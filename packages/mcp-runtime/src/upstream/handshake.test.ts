import { expect, test } from 'vitest';
import { RpcError } from '../rpc.ts';
import { createTestRuntime, http, specOf, type Script } from '../testing.ts';
import { Meta } from '../versions.ts';

const long = `2025-11-25${'x'.repeat(1_000_000)}`;

async function probed(script: Script) {
  await using it = createTestRuntime(script);
  return await it.runtime.probe(specOf('s', { launch: http() }), { adopt: false, signal: AbortSignal.timeout(15_000) });
}

test('a server whose revision is no revision does not start, and its error stays short', async () => {
  function answer() {
    return { protocolVersion: long, capabilities: {}, serverInfo: { name: 'fake', version: '1' } };
  }
  expect(await probed({ on: { initialize: answer } })).toMatchObject({
    ok: false,
    error: 'The server answered initialize without a usable protocolVersion',
  });
});

test.each(['2026-07-28', '2027-01-01', '2023-01-01'])(
  'a server that answers initialize with %s is told what to answer, without contradiction',
  async (version) => {
    function answer() {
      return { protocolVersion: version, capabilities: {}, serverInfo: { name: 'fake', version: '1' } };
    }
    const result = await probed({ eras: ['legacy'], on: { initialize: answer } });
    expect(result).toMatchObject({
      ok: false,
      error: `The server answered initialize with MCP ${version}; the hub speaks 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05 after initialize, and 2026-07-28 after server/discover`,
    });
  },
);

test.each<[string, NonNullable<Script['on']>]>([
  ['lists other revisions', { 'server/discover': () => ({ supportedVersions: ['2027-05-01', '2027-01-01'] }) }],
  [
    'refuses the hub for its revision',
    {
      'server/discover': () => {
        throw new RpcError(-32022, 'Unsupported protocol version', { supported: ['2027-05-01', '2027-01-01'] });
      },
    },
  ],
])('a server of a later era that %s is told by what both speak, whatever it says of the era before', async (_, on) => {
  function initialize() {
    throw new RpcError(-32601, 'Method not found');
  }
  expect(await probed({ eras: ['modern'], on: { ...on, initialize } })).toMatchObject({
    ok: false,
    error:
      'The server offers MCP 2027-05-01, 2027-01-01; the hub speaks 2026-07-28, 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05',
  });
});

test('a server that offers a revision of the era before is told by what it says there', async () => {
  const on = {
    'server/discover': () => ({ supportedVersions: ['2025-11-25'] }),
    initialize: () => {
      throw new RpcError(-32000, 'The licence has ended');
    },
  };
  expect(await probed({ on })).toMatchObject({ ok: false, error: 'The licence has ended' });
});

test('of the revisions that a server names, a bounded number of short ones is kept', async () => {
  const supportedVersions = [
    '2026-07-28',
    long,
    7,
    { toString: 1 },
    ...Array.from({ length: 10_000 }, (_, at) => `${at}`),
  ];
  function discovered() {
    return {
      resultType: 'complete',
      supportedVersions,
      capabilities: {},
      _meta: { [Meta.serverInfo]: { name: 'fake', version: '1' } },
    };
  }
  const result = await probed({ eras: ['modern'], on: { 'server/discover': discovered } });
  if (!result.ok) throw new Error(result.error);
  expect(result.catalog.supportedVersions.slice(0, 3)).toEqual(['2026-07-28', '0', '1']);
  expect(JSON.stringify(result.catalog).length).toBeLessThan(10_000);
});
