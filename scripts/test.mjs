// npm test: prepares the checkout, runs every suite the machine can run, says which it could not, and sums up.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printSummary, printTimings, summarize, timings } from './lib/report.mjs';
import { cacheDir, findChromium, projectEnv, projectNode, root, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

/** Suites that run side by side, each lane with a Vitest of its own: what waits for an engine or a kill uses no core. */
const lanes = [
  ['unit', 'compat', 'interop', 'field', 'conformance', 'e2e'],
  ['engine', 'faults'],
];

/** What a suite may need of the machine; a test names its need in its title: `… (needs chromium)`. */
function detectMachine() {
  return { chromium: findChromium() };
}

/** The scripted MCP server in one file: tests start it hundreds of times, and from its sources that takes twice as long. */
async function bundleTestServer() {
  const outfile = path.join(cacheDir, 'support/mcp/main.mjs');
  const { build } = await import('esbuild');
  await build({
    entryPoints: [path.join(root, 'tests/support/mcp/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';const require = requireOf(import.meta.url);",
    },
  });
  return outfile;
}

function mergeReports(reports) {
  function sum(key) {
    return reports.reduce((total, report) => total + report[key], 0);
  }
  return {
    startTime: Math.min(...reports.map(({ startTime }) => startTime)),
    numPassedTests: sum('numPassedTests'),
    numFailedTests: sum('numFailedTests'),
    testResults: reports.flatMap(({ testResults }) => testResults),
  };
}

/** Runs Vitest and reads its report; null where there is none. */
async function runVitest(args, env) {
  const reportFile = path.join(
    cacheDir,
    `test-report-${process.pid}-${args.join('-').replaceAll(/[^a-z0-9]+/gi, '-')}`,
  );
  // A shared machine may stall for longer than any test waits; a real fault fails twice.
  const retry = process.env.CI === 'true' ? ['--retry=1'] : [];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const words = ['node_modules/vitest/vitest.mjs', 'run', ...retry, ...reporters, ...args];
  const code = await runForeground(projectNode, words, { env });
  if (!existsSync(reportFile)) return { code: code || 1, report: null };
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  rmSync(reportFile);
  return { code, report };
}

async function main() {
  await prepare();
  const machine = detectMachine();
  mkdirSync(cacheDir, { recursive: true });
  // What is tested as a program is what was just built: it starts in half of the time that the sources take.
  const env = projectEnv({
    HUB_BUNDLED: '1',
    NODE_COMPILE_CACHE: path.join(cacheDir, 'compiled'),
    SCRIPTED_SERVER: await bundleTestServer(),
    ...(machine.chromium && { CHROMIUM_PATH: machine.chromium }),
  });
  const given = process.argv.slice(2);
  const runs = given.length > 0 ? [given] : lanes.map((lane) => lane.flatMap((name) => ['--project', name]));
  const results = await Promise.all(runs.map((args) => runVitest(args, env)));
  const code = results.find((result) => result.code !== 0)?.code ?? 0;
  const reports = results.flatMap(({ report }) => report ?? []);
  if (reports.length < results.length) {
    console.log('0 passed, 1 failed');
    return code || 1;
  }
  const report = mergeReports(reports);
  const totals = summarize(report, machine);
  if (code !== 0 && totals.failed === 0) totals.failed = 1;
  const mustNotSkip = process.env.SWITCHBOARD_NO_SKIP === '1';
  if (mustNotSkip) totals.failed += totals.skipped.length;
  if (report.testResults.length > 20) {
    const found = timings(report);
    printTimings(found);
    writeFileSync(path.join(cacheDir, 'test-timings.json'), JSON.stringify(found, null, 2));
  }
  printSummary(totals);
  return totals.failed > 0 ? 1 : code;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
