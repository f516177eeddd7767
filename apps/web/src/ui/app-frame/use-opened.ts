import { useCallback, useEffect, useRef, useState } from 'react';
import { toFailure, type Outputs } from '../../lib/trpc.ts';

export type OpenedFrame = Outputs['frames']['showApp'];

type Opening = { state: 'opening' } | { state: 'open'; frame: OpenedFrame } | { state: 'failed'; why: string };

/** A document that waits for its frame. `again` asks for it anew: each is given once. */
export function useOpened(open: () => Promise<OpenedFrame>): { opening: Opening; again: () => void } {
  const [opening, setOpening] = useState<Opening>({ state: 'opening' });
  const attempts = useRef(0);
  const again = useCallback(() => {
    attempts.current += 1;
    const attempt = attempts.current;
    function settle(next: Opening) {
      if (attempts.current === attempt) setOpening(next);
    }
    settle({ state: 'opening' });
    open().then(
      (frame) => settle({ state: 'open', frame }),
      (error: unknown) => settle({ state: 'failed', why: toFailure(error).message }),
    );
  }, [open]);
  useEffect(() => {
    again();
    return () => {
      attempts.current += 1;
    };
  }, [again]);
  return { opening, again };
}
