import { useEffect, type ReactNode } from 'react';

interface PageProps {
  title: string;
  /** Where the heading is more than the title's text. */
  heading?: ReactNode;
  lead?: ReactNode;
  above?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, heading, lead, above, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <div className="mx-auto w-full max-w-[76rem] px-4 pt-6 pb-16 sm:px-6 lg:px-8 lg:pt-8">
      {above}
      <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-2xl font-semibold tracking-tight break-words">{heading ?? title}</h1>
          {lead !== undefined && <div className="mt-1 max-w-2xl text-base text-ink-3">{lead}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
