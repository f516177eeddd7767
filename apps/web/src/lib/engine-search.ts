import { useSearch } from '@tanstack/react-router';
import { z } from 'zod';

/** Which engine a page is about; the hub's usual one where the address names none. */
export const EngineSearch = z.object({ engine: z.string().optional().catch(undefined) });

export function useEngineName(): string | undefined {
  const search: { engine?: string | undefined } = useSearch({ strict: false });
  return search.engine;
}
