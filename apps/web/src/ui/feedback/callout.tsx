import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../class-names.ts';

type Tone = 'info' | 'ok' | 'warn' | 'bad';

const tones: Record<Tone, { box: string; icon: typeof Info }> = {
  info: { box: 'border-accent/25 bg-accent-soft [&>svg]:text-accent-text', icon: Info },
  ok: { box: 'border-ok/25 bg-ok-soft [&>svg]:text-ok', icon: CircleCheck },
  warn: { box: 'border-warn/25 bg-warn-soft [&>svg]:text-warn', icon: TriangleAlert },
  bad: { box: 'border-bad/25 bg-bad-soft [&>svg]:text-bad', icon: OctagonAlert },
};

interface CalloutProps {
  tone?: Tone;
  title?: ReactNode;
  actions?: ReactNode;
  /** Spoken at once when it appears. */
  alert?: boolean;
  children?: ReactNode;
}

export function Callout({ tone = 'info', title, actions, alert = false, children }: CalloutProps) {
  const { box, icon: Icon } = tones[tone];
  return (
    <div role={alert ? 'alert' : undefined} className={cx('flex gap-3 rounded-lg border px-4 py-3', box)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium break-words">{title}</p>}
        {children !== undefined && <div className="text-sm break-words text-ink-2">{children}</div>}
        {actions !== undefined && <div className="mt-2.5 flex flex-wrap gap-2 empty:hidden">{actions}</div>}
      </div>
    </div>
  );
}
