import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ShimOptions, startShim } from './shim.ts';

export type SpecVersion = '2025-06-18' | '2025-11-25' | '2026-07-28';

export interface Scenario {
  name: string;
  /** Checks that passed. */
  passed: number;
  /** Failures and warnings, one line each; empty where the scenario passed. */
  problems: string[];
}

export interface SuiteResult {
  scenarios: Scenario[];
  /** What the runner printed, for reading after a failure. */
  output: string;
  seconds: number;
}

export interface SuiteOptions extends ShimOptions {
  /** Absent for scenarios of extensions, which are of no version. */
  spec?: SpecVersion;
  /** One scenario instead of all that apply to the version. */
  scenario?: string;
  /** Milliseconds a scenario may take. */
  scenarioTimeoutMs?: number;
  /** Keeps the runner's files here instead of in a temporary directory. */
  output?: string;
}

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

const cli = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

async function readScenario(directory: string, name: string): Promise<Scenario> {
  const file = path.join(directory, 'checks.json');
  const checks = JSON.parse(await readFile(file, 'utf8').catch(() => '[]')) as Check[];
  const wrong = checks.filter((check) => check.status === 'FAILURE' || check.status === 'WARNING');
  const problems = wrong.map(
    (check) => `${check.status} ${check.id}: ${(check.errorMessage ?? 'no message').replaceAll(/\s+/g, ' ')}`,
  );
  if (checks.length === 0) problems.push('the scenario wrote no result');
  return { name, passed: checks.filter((check) => check.status === 'SUCCESS').length, problems };
}

async function readResults(directory: string, output: string): Promise<Scenario[]> {
  const scenarios = new Map<string, Scenario>();
  for (const entry of await readdir(directory)) {
    const name = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1];
    if (name !== undefined) scenarios.set(name, await readScenario(path.join(directory, entry), name));
  }
  for (const [, name] of output.matchAll(/=== Running scenario: (\S+) ===/g)) {
    if (name === undefined || scenarios.has(name)) continue;
    scenarios.set(name, { name, passed: 0, problems: ['the scenario crashed or ran out of time'] });
  }
  return [...scenarios.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Runs every scenario of the official suite that applies to a protocol version against one URL. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const directory = options.output ?? (await mkdtemp(path.join(tmpdir(), 'conformance-')));
  const started = performance.now();
  await using shim = await startShim(options);
  const choice = options.scenario === undefined ? ['--suite', 'all'] : ['--scenario', options.scenario];
  const timeout = String(options.scenarioTimeoutMs ?? 10_000);
  const child = spawn(
    process.execPath,
    [
      cli,
      'server',
      '--url',
      shim.url,
      ...choice,
      ...(options.spec === undefined ? [] : ['--spec-version', options.spec]),
      '--timeout',
      timeout,
      '-o',
      directory,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  await new Promise((resolve) => child.once('close', resolve));
  const scenarios = await readResults(directory, output);
  if (options.output === undefined) await rm(directory, { recursive: true, force: true });
  if (scenarios.length === 0) throw new Error(`The conformance runner ran nothing:\n${output}`);
  return { scenarios, output, seconds: (performance.now() - started) / 1000 };
}
