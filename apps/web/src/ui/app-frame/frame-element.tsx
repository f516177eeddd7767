import { useRef, type Ref } from 'react';
import { cx } from '../class-names.ts';

interface FrameElementProps {
  frameId: string;
  title: string;
  height: number;
  bordered: boolean;
  /** It shows another document than the one it was opened for: that one is given once. */
  onLeft: () => void;
  ref?: Ref<HTMLIFrameElement>;
}

/** A document of somebody else, with an origin that is nobody's. */
export function FrameElement({ frameId, title, height, bordered, onLeft, ref }: FrameElementProps) {
  const loads = useRef(0);
  return (
    <iframe
      ref={ref}
      src={`/frames/${frameId}`}
      title={title}
      height={height}
      sandbox="allow-scripts allow-forms"
      referrerPolicy="no-referrer"
      onLoad={() => {
        loads.current += 1;
        if (loads.current > 1) onLeft();
      }}
      className={cx('block w-full bg-surface', bordered && 'rounded-md border border-line')}
    />
  );
}
