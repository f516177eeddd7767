/** The clocks may part by this before they are put together again. */
const mostDriftMs = 50;

let originMs = performance.timeOrigin;

/** Milliseconds since the epoch with their fractions: spans are shorter than the steps of the clock on the wall. */
export function nowMs(): number {
  const precise = originMs + performance.now();
  const drift = Date.now() - precise;
  if (Math.abs(drift) < mostDriftMs) return precise;
  originMs += drift;
  return precise + drift;
}
