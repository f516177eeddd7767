import type { ReactNode, Ref, UIEventHandler } from 'react';
import { cx } from '../class-names.ts';

interface ScrollRegionProps {
  label: string;
  role?: 'region' | 'log';
  className?: string;
  onScroll?: UIEventHandler<HTMLDivElement>;
  ref?: Ref<HTMLDivElement>;
  children: ReactNode;
}

/** A part of the page that scrolls by itself; it takes the focus, so that the keyboard can scroll it too. */
export function ScrollRegion({ label, role = 'region', className, onScroll, ref, children }: ScrollRegionProps) {
  return (
    <div
      ref={ref}
      role={role}
      aria-label={label}
      aria-live={role === 'log' ? 'off' : undefined}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it the keyboard cannot scroll
      tabIndex={0}
      onScroll={onScroll}
      className={cx('overflow-auto scroll-thin focus-visible:-outline-offset-2', className)}
    >
      {children}
    </div>
  );
}
