import type { ReactNode } from 'react';
import { cx } from '../class-names.ts';

interface CardProps {
  title?: ReactNode;
  actions?: ReactNode;
  flush?: boolean;
  className?: string;
  as?: 'section' | 'div';
  children: ReactNode;
}

export function Card({ title, actions, flush = false, className, as: Tag = 'section', children }: CardProps) {
  return (
    <Tag className={cx('min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-rest', className)}>
      {title !== undefined && (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-1.5">
          <h2 className="text-base font-semibold">{title}</h2>
          {actions}
        </header>
      )}
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </Tag>
  );
}

/** Facts in two columns: what it is called, what it is. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(6.5rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-2.5 text-base">{children}</dl>;
}

export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
