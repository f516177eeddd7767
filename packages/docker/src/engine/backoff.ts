const firstMs = 250;
const longestMs = 15_000;

/** Milliseconds until the next attempt after so many failures in a row; `random` is in [0, 1). */
export function retryDelayMs(failures: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(full * (0.75 + random * 0.5));
}
