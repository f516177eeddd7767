import { createContext, use } from 'react';
import type { ContainerActions } from './use-container-actions.ts';

interface TableTools {
  actions: ContainerActions;
  selected: ReadonlySet<string>;
  toggle: (ids: readonly string[], on: boolean) => void;
  /** All that are shown. */
  ids: readonly string[];
}

/** Given by context, so that the columns stay the same and no cell is built anew. */
export const TableToolsContext = createContext<TableTools | null>(null);

export function useTableTools(): TableTools {
  const tools = use(TableToolsContext);
  if (!tools) throw new Error('This part belongs in the table of containers');
  return tools;
}
