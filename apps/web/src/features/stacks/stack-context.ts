import { createContext, use } from 'react';
import type { Run, StackDetails } from '../../lib/api-types.ts';

interface OnStackPage {
  stack: StackDetails;
  /** Something is being done to it. */
  busy: boolean;
  /** Shows what a run tells. */
  follow: (run: Run) => void;
}

export const StackContext = createContext<OnStackPage | null>(null);

/** The stack whose page this is. */
export function useStackPage(): OnStackPage {
  const page = use(StackContext);
  if (!page) throw new Error('This part belongs on the page of a stack');
  return page;
}
