import { defineConfig } from 'vitest/config';
import { longestFirst } from './tests/support/longest-first.ts';

/**
 * Suites, in the order in which `npm test` starts them: what takes longest begins. A suite has workers of its own, each of
 * which loads the hub anew: what needs no different settings is one suite.
 */
const suites = [
  { name: 'hub', include: ['tests/*/**/*.test.ts'] },
  { name: 'engine', include: ['packages/docker/src/**/*.test.ts'] },
  {
    name: 'unit',
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', 'tests/*.test.ts'],
    exclude: ['packages/docker/**'],
  },
];

export default defineConfig({
  test: {
    // One PostgreSQL for the whole run, started for the first file that wants a database; each file makes one of its own.
    globalSetup: ['packages/db/src/testing-setup.ts'],
    sequence: { sequencer: longestFirst(suites.map(({ name }) => name)) },
    projects: suites.map(({ name, include, exclude = [] }) => ({
      test: {
        name,
        include,
        exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
        // Files of a worker share the modules: loading the server anew for each takes longer than most of their tests.
        // Nothing in the product lives at the level of a module, and what a test opens it closes.
        isolate: false,
        // A worker makes much that does not stay: collected less often, and by one thread, it takes a sixth less CPU.
        execArgv: ['--max-semi-space-size=32', '--no-parallel-scavenge', '--no-allocation-site-pretenuring'],
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
