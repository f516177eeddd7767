import { useLocation } from '@tanstack/react-router';
import { isObject } from '@switchboard/basics';
import type { Params } from './run-state.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Arguments that a form of the playground begins with: in the address they would be too long, and kept in logs. */
    given?: Params | undefined;
  }
}

/** The arguments that go along with the link that led here; null where there are none. */
export function useGiven(): Params | null {
  const given: unknown = useLocation({ select: ({ state }) => state.given });
  return isObject(given) ? given : null;
}
