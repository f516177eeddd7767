import { useEffect, type ReactNode } from 'react';
import { useInstance } from '../../lib/use-instance.ts';
import { cx } from '../class-names.ts';
import { Logo } from '../logo.tsx';

/** The page around a form that stands alone: signing in, and what a program asks for. */
export function FrontFrame({
  title,
  lead,
  below,
  wide = false,
  children,
}: {
  title: string;
  lead: ReactNode;
  below?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const { me } = useInstance();
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className={cx('w-full animate-rise', wide ? 'max-w-lg' : 'max-w-sm')}>
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
