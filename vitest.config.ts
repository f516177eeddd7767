import { defineConfig } from 'vitest/config';

/** Suites in the order they run: quick ones first; those that measure or load the machine alone and last. */
const suites = [
  {
    name: 'unit',
    // Files of a worker share the modules: loading the server anew for each takes longer than most of their tests.
    // Nothing in the product lives at the level of a module, and what a test opens it closes.
    isolate: false,
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
    exclude: ['packages/docker/**'],
  },
  { name: 'compat', include: ['tests/{compat,hub,permissions}/**/*.test.ts'], testTimeout: 60_000 },
  { name: 'interop', include: ['tests/interop/**/*.test.ts'], testTimeout: 60_000 },
  { name: 'field', include: ['tests/field/**/*.test.ts'], testTimeout: 60_000 },
  { name: 'conformance', include: ['tests/conformance/**/*.test.ts'], testTimeout: 300_000, maxWorkers: 1 },
  { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], testTimeout: 90_000, maxWorkers: 1 },
  { name: 'engine', include: ['packages/docker/src/**/*.test.ts'], testTimeout: 60_000, maxWorkers: 1 },
  { name: 'faults', include: ['tests/faults/**/*.test.ts'], testTimeout: 300_000, maxWorkers: 1 },
];

export default defineConfig({
  test: {
    // One PostgreSQL for the whole run, started for the first file that wants a database; each file makes one of its own.
    globalSetup: ['packages/db/src/testing-setup.ts'],
    projects: suites.map(
      ({ name, include, exclude = [], testTimeout = 45_000, maxWorkers = 2, isolate = true }, order) => ({
        test: {
          name,
          include,
          exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
          testTimeout,
          isolate,
          // A machine with other work on it answers late; what never comes fails all the same.
          expect: { poll: { timeout: 15_000 } },
          maxWorkers,
          // Hooks start whole hubs, which have 150 s to be ready, and servers behind them.
          hookTimeout: Math.max(180_000, testTimeout),
          sequence: { groupOrder: order },
        },
      }),
    ),
  },
});
