import { useEffect, type ReactNode } from 'react';
import { useInstance } from '../../lib/use-instance.ts';
import { Logo } from '../../ui/logo.tsx';

/** The page around the forms that come before everything else. */
export function SessionFrame({
  title,
  lead,
  below,
  children,
}: {
  title: string;
  lead: ReactNode;
  below?: ReactNode;
  children: ReactNode;
}) {
  const { me } = useInstance();
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm animate-rise">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Logo className="size-12" mark={me?.appearance.mark} />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            <p className="text-ink-3">{lead}</p>
          </div>
        </div>
        <div className="rounded-xl border border-line bg-surface p-6 shadow-lift">{children}</div>
        {below !== undefined && <div className="mt-4 text-center text-xs text-ink-3">{below}</div>}
      </div>
    </main>
  );
}
