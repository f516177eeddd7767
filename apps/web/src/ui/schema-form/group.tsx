import type { ReactNode } from 'react';

/** Fields that belong together: an object, a list, or one of several forms. */
export function Group({
  legend,
  hint,
  error,
  action,
  children,
}: {
  legend: ReactNode;
  hint: string | null;
  error: string | null;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <fieldset className="rounded-md border border-line p-3">
      <legend className="px-1 text-sm font-medium">{legend}</legend>
      {hint !== null && <p className="mb-3 text-xs text-ink-3">{hint}</p>}
      {children}
      {error !== null && <p className="mt-2 text-xs font-medium text-bad">{error}</p>}
      {action}
    </fieldset>
  );
}
