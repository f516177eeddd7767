import type { ReactNode } from 'react';

interface EmptyProps {
  icon?: ReactNode;
  title: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** What a list shows when there is nothing in it: why, and what to do next. */
export function Empty({ icon, title, actions, children }: EmptyProps) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      {icon !== undefined && (
        <span
          aria-hidden
          className="mb-3 grid size-10 place-items-center rounded-full bg-sunken text-ink-3 [&_svg]:size-5"
        >
          {icon}
        </span>
      )}
      <p className="text-base font-medium">{title}</p>
      {children !== undefined && <div className="mt-1 max-w-md text-sm text-ink-3">{children}</div>}
      {actions !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
