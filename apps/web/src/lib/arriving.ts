/** How long to wait before a part of the page is asked for once more. */
const pausesMs = [300, 1_000, 2_500];

/** Loads a part of the page. One that was lost on its way (the network changed) is asked for again before it failed. */
export async function arriving<Part>(load: () => Promise<Part>): Promise<Part> {
  for (const ms of pausesMs) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
  return await load();
}

/** Whether a part of the page did not arrive: no browser has a code for it, and each has its own words. */
export function isLostPart(error: unknown): boolean {
  return (
    error instanceof TypeError && /dynamically imported module|importing a module script failed/i.test(error.message)
  );
}
