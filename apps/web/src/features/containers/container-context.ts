import { createContext, use } from 'react';
import type { ContainerDetails } from '../../lib/api-types.ts';

export const ContainerContext = createContext<ContainerDetails | null>(null);

/** The container whose page this is. */
export function useContainer(): ContainerDetails {
  const container = use(ContainerContext);
  if (!container) throw new Error('This part belongs on the page of a container');
  return container;
}
