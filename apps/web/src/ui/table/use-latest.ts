import { useCallback, useEffect, useRef } from 'react';

/** A function that stays the same and calls the latest one: table columns may not change with every render. */
export function useLatest<Args extends unknown[]>(call: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(call);
  useEffect(() => void (latest.current = call));
  return useCallback((...args: Args) => latest.current(...args), []);
}
