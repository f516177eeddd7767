// npm test: prepares the checkout, runs every suite the machine can run, says which it could not, and sums up.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheDir, findChromium, projectEnv, projectNode, root, runForeground } from './lib/tools.mjs';
import { prepare } from './prepare.mjs';

/** What a suite may need of the machine; a test names its need in its title: `… (needs chromium)`. */
function detectMachine() {
  return { chromium: findChromium() };
}

const hints = { chromium: 'no Chromium or Chrome found: install one, or set CHROMIUM_PATH' };

function explain(tests, machine) {
  const needs = Object.keys(hints).filter((name) => tests.some((test) => test.fullName.includes(`needs ${name}`)));
  const missing = needs.filter((name) => !machine[name]);
  if (missing.length > 0) return missing.map((name) => hints[name]).join('; ');
  const reasons = tests.flatMap((test) => /\(skipped: ([^)]*)\)/.exec(test.fullName)?.[1] ?? []);
  return reasons.length > 0 ? [...new Set(reasons)].join('; ') : 'skipped in the test file';
}

/** Counts from vitest's report; a file that did not load counts as one failure. */
function summarize(report, machine) {
  const totals = { passed: report.numPassedTests, failed: report.numFailedTests, skipped: [] };
  for (const file of report.testResults) {
    const skipped = file.assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed');
    const failed = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !failed) totals.failed += 1;
    if (skipped.length === 0) continue;
    totals.skipped.push({
      file: path.relative(root, file.name),
      count: skipped.length,
      why: explain(skipped, machine),
    });
  }
  return totals;
}

/** The files that took longest, so that whoever adds to a suite sees what it costs. */
function printSlowest(report) {
  const files = report.testResults.map(({ name, startTime, endTime }) => ({
    file: path.relative(root, name),
    seconds: (endTime - startTime) / 1000,
  }));
  console.log('Slowest files, in seconds:');
  for (const { file, seconds } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, 20)) {
    console.log(`${seconds.toFixed(1).padStart(7)} ${file}`);
  }
}

function printSummary({ passed, failed, skipped }) {
  for (const { file, count, why } of skipped) console.log(`skipped ${count} in ${file}: ${why}`);
  const count = skipped.reduce((sum, entry) => sum + entry.count, 0);
  console.log(`${passed} passed, ${failed} failed${count > 0 ? `, ${count} skipped` : ''}`);
}

async function main() {
  await prepare();
  const machine = detectMachine();
  const reportFile = path.join(cacheDir, `test-report-${process.pid}.json`);
  mkdirSync(cacheDir, { recursive: true });
  const env = projectEnv(machine.chromium ? { CHROMIUM_PATH: machine.chromium } : {});
  // A shared machine may stall for longer than any test waits; a real fault fails twice.
  const retry = process.env.CI === 'true' ? ['--retry=1'] : [];
  const args = ['run', ...retry, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const code = await runForeground(projectNode, ['node_modules/vitest/vitest.mjs', ...args, ...process.argv.slice(2)], {
    env,
  });
  if (!existsSync(reportFile)) {
    console.log('0 passed, 1 failed');
    return code || 1;
  }
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const totals = summarize(report, machine);
  rmSync(reportFile);
  if (code !== 0 && totals.failed === 0) totals.failed = 1;
  const mustNotSkip = process.env.SWITCHBOARD_NO_SKIP === '1';
  if (mustNotSkip) totals.failed += totals.skipped.length;
  if (report.testResults.length > 20) printSlowest(report);
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
