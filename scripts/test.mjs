// npm test: prepares the checkout, runs every suite the machine can run, says which it could not, and sums up.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { failedFiles, printSummary, printTimings, summarize, timings } from './lib/report.mjs';
import { cacheDir, findChromium, projectEnv, projectNode, root, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

/**
 * As many test files at once keep two cores busy: most wait about half of their time for a database, an engine or a
 * program that was killed. All suites are one run of Vitest, so that no worker waits while another suite has files left.
 */
const workers = 6;

/** What a suite may need of the machine; a test names its need in its title: `… (needs chromium)`. */
function detectMachine() {
  return { chromium: findChromium() };
}

/** More files than these fail by no stall. */
const mostAgain = 20;

/** MCP servers that tests start hundreds of times: from their sources a start takes twice as much. */
async function bundleTestServers() {
  const outdir = path.join(cacheDir, 'support');
  const { build } = await import('esbuild');
  await build({
    entryPoints: {
      'mcp/main': path.join(root, 'tests/support/mcp/main.ts'),
      'conformance/main': path.join(root, 'tests/conformance/server/main.ts'),
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';const require = requireOf(import.meta.url);",
    },
  });
  return {
    SCRIPTED_SERVER: path.join(outdir, 'mcp/main.mjs'),
    REFERENCE_SERVER: path.join(outdir, 'conformance/main.mjs'),
  };
}

/** One report of several runs; a file that ran again counts as it did last. */
function mergeReports(reports) {
  const files = new Map(reports.flatMap(({ testResults }) => testResults.map((file) => [file.name, file])));
  return { startTime: Math.min(...reports.map(({ startTime }) => startTime)), testResults: [...files.values()] };
}

/** Runs so far: each has a report of its own. */
let reports = 0;

/** Runs Vitest and reads its report; null where there is none. */
async function runVitest(args, env) {
  reports += 1;
  const reportFile = path.join(cacheDir, `test-report-${process.pid}-${reports}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const words = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args];
  const code = await runForeground(projectNode, words, { env });
  if (!existsSync(reportFile)) return { code: code || 1, report: null };
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  rmSync(reportFile);
  return { code, report };
}

/**
 * Runs the files that failed a second time: a shared machine may stall for longer than any test waits, and a real fault
 * fails twice. Whole files, as what a test left in its hub and its engine would fail its second try.
 */
async function runAgain(results, env) {
  const failed = failedFiles(results.flatMap(({ report }) => report?.testResults ?? []));
  const lost = results.some(
    ({ code, report }) => report === null || (code !== 0 && failedFiles(report.testResults).length === 0),
  );
  if (process.env.CI !== 'true' || lost || failed.length === 0 || failed.length > mostAgain) return results;
  console.log(`Once more, each file from its beginning:\n${failed.map((file) => `  ${file}\n`).join('')}`);
  const again = await runVitest(failed, env);
  return [...results.map((result) => ({ ...result, code: 0 })), again];
}

async function main() {
  await prepare();
  const machine = detectMachine();
  mkdirSync(cacheDir, { recursive: true });
  // What is tested as a program is what was just built: it starts in half of the time that the sources take.
  const env = projectEnv({
    HUB_BUNDLED: '1',
    NODE_COMPILE_CACHE: path.join(cacheDir, 'compiled'),
    ...(await bundleTestServers()),
    ...(machine.chromium && { CHROMIUM_PATH: machine.chromium }),
  });
  const given = process.argv.slice(2);
  const args = given.length > 0 ? given : [`--maxWorkers=${workers}`];
  const results = await runAgain([await runVitest(args, env)], env);
  const code = results.find((result) => result.code !== 0)?.code ?? 0;
  const written = results.flatMap(({ report }) => report ?? []);
  if (written.length < results.length) {
    console.log('0 passed, 1 failed');
    return code || 1;
  }
  const report = mergeReports(written);
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
