import { cx } from '../class-names.ts';

export type StatusShape = 'disc' | 'ring' | 'half' | 'moon' | 'square' | 'dash' | 'triangle' | 'diamond';
export type StatusTone = 'ok' | 'warn' | 'bad' | 'idle' | 'accent';

const tones: Record<StatusTone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  idle: 'text-idle',
  accent: 'text-accent-text',
};

/** Each shape reads without its colour. */
function Shape({ shape }: { shape: StatusShape }) {
  switch (shape) {
    case 'disc':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case 'ring':
      return <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />;
    case 'half':
      return (
        <g className="origin-center animate-spin [animation-duration:1.4s]">
          <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeOpacity="0.3" strokeWidth="2" />
          <path d="M6 2a4 4 0 0 1 4 4" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        </g>
      );
    case 'moon':
      return <path d="M10.4 7.6A4.8 4.8 0 1 1 5 1.4a3.9 3.9 0 0 0 5.4 6.2Z" fill="currentColor" />;
    case 'square':
      return <rect x="2" y="2" width="8" height="8" rx="1.5" fill="currentColor" />;
    case 'dash':
      return <rect x="1.5" y="5" width="9" height="2" rx="1" fill="currentColor" />;
    case 'triangle':
      return <path d="M6 1.2 11.2 10.4H.8Z" fill="currentColor" strokeLinejoin="round" />;
    case 'diamond':
      return <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="currentColor" />;
  }
}

interface StatusProps {
  shape: StatusShape;
  tone: StatusTone;
  label: string;
  className?: string;
}

/** A state: a shape and its word. */
export function Status({ shape, tone, label, className }: StatusProps) {
  return (
    <span className={cx('inline-flex items-center gap-2 whitespace-nowrap', className)}>
      <svg aria-hidden viewBox="0 0 12 12" className={cx('size-3 shrink-0', tones[tone])}>
        <Shape shape={shape} />
      </svg>
      <span>{label}</span>
    </span>
  );
}
