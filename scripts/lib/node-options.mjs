/**
 * What Node.js is given to run the hub, wherever it runs: `npm start`, the tests and the bench.
 *
 * What lives is small, and what comes and goes with calls is not, so the old generation is collected from 40 MB on and
 * grows by 40 % at most in between. Much earlier would cost each call a third more CPU. Under load V8 would take objects
 * of a call for such that stay and put them there at once, and its helpers take longer to share a young collection than
 * one thread needs for it: both are off.
 */
export const nodeOptions = [
  '--max-semi-space-size=8',
  '--initial-old-space-size=40',
  '--heap-growing-percent=40',
  '--no-allocation-site-pretenuring',
  '--no-parallel-scavenge',
];
