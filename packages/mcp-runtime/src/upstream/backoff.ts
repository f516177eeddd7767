const firstMs = 1_000;
const capMs = 300_000;

/**
 * Milliseconds until the next attempt after so many failures in a row: doubles from one second to five minutes, never
 * gives up. `random` (0 to 1) takes away up to half, so that servers which failed together do not return together.
 */
export function nextDelayMs(failures: number, random: number): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(Math.max(0, failures - 1), 30));
  return Math.round(full * (1 - random / 2));
}
