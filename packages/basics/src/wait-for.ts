export interface WaitOptions {
  timeoutMs: number;
  everyMs?: number;
}

/** Waits until a condition holds; false where it did not within the time. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 15 }: WaitOptions,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await new Promise<void>((resolve) => void setTimeout(resolve, everyMs));
  }
  return true;
}
