import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../class-names.ts';

interface DisclosureProps {
  title: ReactNode;
  open?: boolean;
  boxed?: boolean;
  children: ReactNode;
}

/** Something that is there when asked for. */
export function Disclosure({ title, open = false, boxed = false, children }: DisclosureProps) {
  return (
    <details open={open} className={cx('group', boxed && 'rounded-lg border border-line bg-surface')}>
      <summary
        className={cx(
          'flex list-none items-center gap-2 rounded-md font-medium [&::-webkit-details-marker]:hidden',
          boxed ? 'min-h-11 px-4' : 'text-sm',
        )}
      >
        <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className={boxed ? 'border-t border-line p-4' : 'mt-2'}>{children}</div>
    </details>
  );
}
