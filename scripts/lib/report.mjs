// What a test run says of itself: counts, what was skipped and why, and where the time went.
import path from 'node:path';
import { root } from './tools.mjs';

const hints = { chromium: 'no Chromium or Chrome found: install one, or set CHROMIUM_PATH' };

function explain(tests, machine) {
  const needs = Object.keys(hints).filter((name) => tests.some((test) => test.fullName.includes(`needs ${name}`)));
  const missing = needs.filter((name) => !machine[name]);
  if (missing.length > 0) return missing.map((name) => hints[name]).join('; ');
  const reasons = tests.flatMap((test) => /\(skipped: ([^)]*)\)/.exec(test.fullName)?.[1] ?? []);
  return reasons.length > 0 ? [...new Set(reasons)].join('; ') : 'skipped in the test file';
}

/** Files with a failed test, and files that did not load, by their paths from the root. */
export function failedFiles(testResults) {
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => path.relative(root, name));
}

/** Counts from Vitest's report; a file that did not load counts as one failure. */
export function summarize(report, machine) {
  const totals = { passed: 0, failed: 0, skipped: [] };
  for (const file of report.testResults) {
    for (const { status } of file.assertionResults) if (status in totals && status !== 'skipped') totals[status] += 1;
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

function seconds(ms) {
  return (ms / 1000).toFixed(1).padStart(8);
}

/** Where a file belongs, as people look for it: a workspace, or a folder of `tests`. */
function suiteOf(file) {
  return file.split('/').slice(0, 2).join('/');
}

/** Time by suite and file, the longest first. */
export function timings(report) {
  const files = report.testResults
    .map(({ name, startTime, endTime, assertionResults }) => ({
      file: path.relative(root, name).split(path.sep).join('/'),
      ms: Math.round(endTime - startTime),
      tests: assertionResults.length,
    }))
    .toSorted((a, b) => b.ms - a.ms);
  const suites = Object.entries(Object.groupBy(files, ({ file }) => suiteOf(file)))
    .map(([suite, its]) => ({ suite, files: its.length, ms: its.reduce((sum, { ms }) => sum + ms, 0) }))
    .toSorted((a, b) => b.ms - a.ms);
  return { startedAt: new Date(report.startTime).toISOString(), suites, files };
}

/** The suites, and the files that took longest, so that whoever adds to a suite sees what it costs. */
export function printTimings({ suites, files }) {
  console.log('Suites, in seconds of their files:');
  for (const { suite, files: count, ms } of suites) console.log(`${seconds(ms)} ${suite} (${count} files)`);
  console.log('Slowest files, in seconds:');
  for (const { file, ms } of files.slice(0, 20)) console.log(`${seconds(ms)} ${file}`);
}

export function printSummary({ passed, failed, skipped }) {
  for (const { file, count, why } of skipped) console.log(`skipped ${count} in ${file}: ${why}`);
  const count = skipped.reduce((sum, entry) => sum + entry.count, 0);
  console.log(`${passed} passed, ${failed} failed${count > 0 ? `, ${count} skipped` : ''}`);
}
