import { useEffect, useState } from 'react';
import { toFailure, useTRPCClient } from '../../lib/trpc.ts';
import { toGraph, type Drawing } from './drawing.ts';
import type { Checked } from './types.ts';

const quietMs = 400;

interface CheckState {
  /** What was looked at. */
  of: Drawing | null;
  checked: Checked | null;
  failed: string | null;
}

/** What the hub says of a drawing a moment after it was changed last. */
export function useCheck(drawing: Drawing, name: string, canCheck: boolean) {
  const api = useTRPCClient();
  const [told, setTold] = useState<CheckState>({ of: null, checked: null, failed: null });
  useEffect(() => {
    if (!canCheck) return;
    const left = new AbortController();
    const timer = setTimeout(() => {
      api.graphs.check.mutate({ config: { ...toGraph(drawing), name } }, { signal: left.signal }).then(
        (checked) => setTold({ of: drawing, checked, failed: null }),
        (error: unknown) => {
          if (!left.signal.aborted) setTold({ of: drawing, checked: null, failed: toFailure(error).message });
        },
      );
    }, quietMs);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [api, drawing, name, canCheck]);
  return { ...told, isCurrent: told.of === drawing };
}

export type Check = ReturnType<typeof useCheck>;
