import { useEffect, useRef, useState } from 'react';
import { arriving } from '../../lib/arriving.ts';
import { cx } from '../class-names.ts';

/** A formula; as it was written until what draws it has come, and where it cannot be drawn. */
export function MathsView({ tex, display }: { tex: string; display: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    let isGone = false;
    void arriving(() => import('./draw-maths.ts')).then(
      ({ drawMaths }) => {
        if (!isGone && place.current) setDrawn(drawMaths(place.current, tex, display));
      },
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [tex, display]);
  return (
    <span className={cx(display && 'block overflow-x-auto py-1 text-center scroll-thin')}>
      {!isDrawn && <code className="font-mono text-sm">{tex}</code>}
      <span ref={place} hidden={!isDrawn} />
    </span>
  );
}
