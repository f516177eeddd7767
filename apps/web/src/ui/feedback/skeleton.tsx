import { cx } from '../class-names.ts';

/** A grey shape in the place and size of what is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cx(
        'block h-4 animate-shimmer rounded-sm bg-linear-to-r from-sunken via-hover to-sunken bg-[length:200%_100%]',
        className,
      )}
    />
  );
}

export function SkeletonRows({ rows = 4, className = 'h-11' }: { rows?: number; className?: string }) {
  return (
    <div aria-hidden className="flex flex-col">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={cx('flex items-center border-b border-line px-4 last:border-0', className)}>
          <Skeleton className={index % 3 === 0 ? 'w-2/5' : index % 3 === 1 ? 'w-3/5' : 'w-1/2'} />
        </div>
      ))}
    </div>
  );
}
