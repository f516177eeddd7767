import { defineConfig } from 'vitest/config';

/**
 * Suites; `npm test` runs them in two lanes (`scripts/test.mjs`). A suite has workers of its own, each of which loads the
 * hub anew: what needs no different settings is one suite.
 */
const suites = [
  {
    name: 'unit',
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
    exclude: ['packages/docker/**'],
  },
  { name: 'hub', include: ['tests/*/**/*.test.ts'], exclude: ['tests/{conformance,faults,field,interop,oauth}/**'] },
  { name: 'protocol', include: ['tests/{conformance,field,interop,oauth}/**/*.test.ts'] },
  { name: 'engine', include: ['packages/docker/src/**/*.test.ts'] },
  { name: 'faults', include: ['tests/faults/**/*.test.ts'] },
];

export default defineConfig({
  test: {
    // One PostgreSQL for the whole run, started for the first file that wants a database; each file makes one of its own.
    globalSetup: ['packages/db/src/testing-setup.ts'],
    projects: suites.map(({ name, include, exclude = [] }) => ({
      test: {
        name,
        include,
        exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
        // Files of a worker share the modules: loading the server anew for each takes longer than most of their tests.
        // Nothing in the product lives at the level of a module, and what a test opens it closes.
        isolate: false,
        // A machine with other work on it answers late; what never comes fails all the same.
        testTimeout: 300_000,
        hookTimeout: 300_000,
        expect: { poll: { timeout: 60_000 } },
        // Suites with as many workers run into each other: no worker waits for the last file of a suite.
        maxWorkers: 2,
      },
    })),
  },
});
