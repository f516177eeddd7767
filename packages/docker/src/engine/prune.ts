/** The objects that a prune would remove. */
export interface PrunePreview<T> {
  items: T[];
  /** The most bytes that removing them frees. */
  bytes: number;
}

export interface PruneResult {
  removed: string[];
  failed: { id: string; message: string }[];
}

/** Removes one after the other and reports what could not be. */
export async function removeEach(ids: readonly string[], remove: (id: string) => Promise<void>): Promise<PruneResult> {
  const result: PruneResult = { removed: [], failed: [] };
  for (const id of ids) {
    try {
      await remove(id);
      result.removed.push(id);
    } catch (error) {
      result.failed.push({ id, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return result;
}
