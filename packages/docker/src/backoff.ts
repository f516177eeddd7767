const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** Milliseconds until the next attempt after so many failures in a row; `random` is in [0, 1). */
export function retryDelayMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.round(full * (0.75 + random * 0.5));
}
