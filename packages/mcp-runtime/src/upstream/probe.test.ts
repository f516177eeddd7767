import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { createTestRuntime, http, selectionOf, specOf, tool, type Script } from '../testing.ts';
import type { InProcessCall } from '../types.ts';
import { LinkError } from './link.ts';

function callOf(signal: AbortSignal): InProcessCall {
  return {
    credential: { key: 'me', person: 'me' },
    selection: selectionOf('s', ['s']),
    method: 'tools/call',
    params: { name: 'echo', arguments: {} },
    via: 'rest',
    clientName: 'test',
    signal,
  };
}

describe('a probe', () => {
  function signal(): AbortSignal {
    return AbortSignal.timeout(5000);
  }

  test('tells what a draft offers and leaves nothing running', async () => {
    await using it = createTestRuntime();
    const result = await it.runtime.probe(specOf('s'), { adopt: false, signal: signal() });
    expect(result).toMatchObject({ ok: true, catalog: { tools: [tool('echo')] } });
    expect(it.servers.open()).toEqual([]);
  });

  test('tells why a draft does not start', async () => {
    function open(): void {
      throw new LinkError('unauthorized', 'HTTP 401');
    }
    await using it = createTestRuntime({ open });
    expect(await it.runtime.probe(specOf('s'), { adopt: false, signal: signal() })).toMatchObject({
      ok: false,
      error: 'HTTP 401',
      needsSignIn: true,
    });
  });

  test('hands its instance to the server that is applied with the same revision', async () => {
    await using it = createTestRuntime();
    await it.runtime.probe(specOf('s'), { adopt: true, signal: signal() });
    it.apply(specOf('s'));
    expect(it.runtime.status('s')).toMatchObject({ phase: 'running', toolCount: 1 });
    expect(await it.runtime.call(callOf(signal()))).toHaveProperty('content');
    expect(it.servers.links).toHaveLength(1);
  });

  test('hands over what its instance said too', async () => {
    const receive: Script['receive'] = (message, link) => {
      if ('method' in message) link.log('info', 'stderr', `heard ${message.method}`);
    };
    await using it = createTestRuntime({ receive });
    await it.runtime.probe(specOf('s'), { adopt: true, signal: signal() });
    it.servers.last().log('info', 'stderr', 'said before the server was there');
    it.apply(specOf('s'));
    it.servers.last().log('info', 'stderr', 'said afterwards');
    const said = it.runtime.logs('s').flatMap(({ source, message }) => (source === 'stderr' ? [message] : []));
    expect(said).toEqual([
      'heard initialize',
      'heard notifications/initialized',
      'heard tools/list',
      'said before the server was there',
      'said afterwards',
    ]);
  });

  test('says of a program that only echoes that it is no MCP server', async () => {
    const receive: Script['receive'] = (message, link) => link.say(message);
    await using it = createTestRuntime({ receive, on: { initialize: () => undefined } });
    expect(await it.runtime.probe(specOf('s'), { adopt: false, signal: signal() })).toMatchObject({
      ok: false,
      error: 'It only sends back what it is sent, so it is probably no MCP server',
    });
  });

  test.each([
    [{}, 'needs the network for its first run'],
    [{ launch: http() }, 'whether an MCP server answers at its URL'],
  ])('that takes too long says how long it had, and what to look at', async (over, advice) => {
    function nothing(): undefined {
      return undefined;
    }
    await using it = createTestRuntime({ on: { initialize: nothing, 'server/discover': nothing } });
    const spec = specOf('s', { ...over, limits: { startTimeoutMs: 500 } });
    const result = await it.runtime.probe(spec, { adopt: false, signal: signal() });
    expect(result).toMatchObject({
      error: expect.stringContaining('The server did not finish its start in 0.5 s') as string,
    });
    expect(result).toMatchObject({ error: expect.stringContaining(advice) as string });
  });

  test('lets an adopted instance be supervised like any other', async () => {
    await using it = createTestRuntime({}, { random: () => 1 });
    await it.runtime.probe(specOf('s'), { adopt: true, signal: signal() });
    it.apply(specOf('s'));
    it.servers.last().end();
    expect(it.runtime.status('s')).toMatchObject({ phase: 'error', error: 'The program ended with exit code 1' });
    await it.running('s');
  });

  test.each([
    ['of another revision', specOf('s', { revision: '2' })],
    ['that is to be stopped', specOf('s', { desired: 'stopped' })],
  ])('leaves no instance to a server %s', async (_what, spec) => {
    await using it = createTestRuntime();
    await it.runtime.probe(specOf('s'), { adopt: true, signal: signal() });
    it.apply(spec);
    await it.runtime.abandon('s');
    await until(() => it.servers.links[0]?.isOpen() === false);
  });

  test('abandoned closes its instance', async () => {
    await using it = createTestRuntime();
    await it.runtime.probe(specOf('s'), { adopt: true, signal: signal() });
    await it.runtime.abandon('s');
    expect(it.servers.open()).toEqual([]);
  });

  test('done twice keeps the newer instance alone', async () => {
    await using it = createTestRuntime();
    for (let i = 0; i < 2; i++) await it.runtime.probe(specOf('s'), { adopt: true, signal: signal() });
    await until(() => it.servers.open().length === 1);
  });

  test('given up ends at once, also while lists are read', async () => {
    await using it = createTestRuntime({ on: { 'tools/list': () => undefined } });
    const controller = new AbortController();
    const probing = it.runtime.probe(specOf('s'), { adopt: true, signal: controller.signal });
    await until(() => it.servers.open().some((link) => link.requests('tools/list').length > 0));
    controller.abort();
    expect(await probing).toMatchObject({ ok: false });
    expect(it.servers.open()).toEqual([]);
  });

  test('under way ends with the hub', async () => {
    const it = createTestRuntime({ on: { initialize: () => undefined } });
    const probing = it.runtime.probe(specOf('s'), { adopt: true, signal: signal() });
    await until(() => it.servers.open().length === 1);
    await it.runtime.close();
    expect(await probing).toMatchObject({ ok: false });
    expect(it.servers.open()).toEqual([]);
  });
});
