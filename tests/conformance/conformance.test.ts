import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { isLong } from '../support/long.ts';
import { type RunningReference, startReference } from './server/http.ts';
import { runSuite, type Scenario, type SpecVersion } from './suite.ts';

/** By run (`http 2025-11-25 /mcp`): scenarios known to fail there. One that passes has to leave the list. */
const expected = JSON.parse(readFileSync(path.join(import.meta.dirname, 'expected-failures.json'), 'utf8')) as Record<
  string,
  string[]
>;

interface Version {
  spec: SpecVersion;
  /** How many scenarios of the suite apply. */
  count: number;
  /** The servers that it runs against, at their own endpoint and at `/mcp`: together, each server at each. */
  own: string[];
  joined: string[];
}

const both = ['http', 'stdio'];
const versions: Version[] = [
  // 31 active ones and 2 more.
  { spec: '2025-11-25', count: 33, own: isLong ? both : ['http'], joined: isLong ? both : ['stdio'] },
  { spec: '2026-07-28', count: 40, own: isLong ? both : ['stdio'], joined: isLong ? both : ['http'] },
];

const scenarioTimeoutMs = 60_000;

let reference: RunningReference;
let hub: HubProcess;

beforeAll(async () => {
  reference = await startReference();
  hub = await startHub();
  await hub.add('http', { kind: 'streamable-http', url: reference.url });
  const main = process.env['REFERENCE_SERVER'] ?? path.join(import.meta.dirname, 'server/main.ts');
  await hub.add('stdio', { kind: 'stdio', command: process.execPath, args: [main, '--stdio'] });
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await reference?.close();
});

function problems(scenarios: Scenario[]): string[] {
  return scenarios.flatMap(({ name, problems: found }) => found.map((problem) => `${name}: ${problem}`));
}

function expectOnlyKnownFailures(run: string, scenarios: Scenario[]): void {
  const known = expected[run] ?? [];
  const failed = scenarios.filter((scenario) => scenario.problems.length > 0);
  expect(problems(failed.filter(({ name }) => !known.includes(name)))).toEqual([]);
  const stale = known.filter((name) => !failed.some((scenario) => scenario.name === name));
  expect(stale, 'these pass now: take them out of expected-failures.json').toEqual([]);
}

describe.each(versions)('the official suite, $spec', ({ spec, count, own, joined }) => {
  if (isLong) {
    // Only tells whose fault it is when the hub fails.
    test('passes against the reference server itself', async () => {
      const { scenarios } = await runSuite({ target: reference.url, spec, scenarioTimeoutMs });
      expect(problems(scenarios)).toEqual([]);
      expect(scenarios).toHaveLength(count);
    });
  }

  test.each(own)("passes through the hub at the %s server's own endpoint", async (server) => {
    const authorization = hub.headers['authorization'] ?? '';
    const { scenarios } = await runSuite({ target: hub.url(server), spec, authorization, scenarioTimeoutMs });
    expect(scenarios).toHaveLength(count);
    expectOnlyKnownFailures(`${server} ${spec} /mcp/{server}`, scenarios);
  });

  test.each(joined)('passes through the hub at /mcp, for the %s server', async (server) => {
    const other = server === 'http' ? 'stdio' : 'http';
    await hub.api.servers.update.mutate({ id: other, patch: { desired: 'disabled' } });
    const authorization = hub.headers['authorization'] ?? '';
    const { scenarios } = await runSuite({
      target: hub.url(),
      spec,
      authorization,
      prefix: `${server}__`,
      scenarioTimeoutMs,
    });
    await hub.api.servers.update.mutate({ id: other, patch: { desired: 'on' } });
    expect(scenarios).toHaveLength(count);
    expectOnlyKnownFailures(`${server} ${spec} /mcp`, scenarios);
  });
});
