import { waitFor } from './wait-for.ts';

/** Waits until something holds; fails with `what` where it did not within the time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = 'the condition',
  timeoutMs = 60_000,
): Promise<void> {
  const held = await waitFor(holds, { timeoutMs });
  if (!held) throw new Error(`${what}: not within ${timeoutMs} ms`);
}
