import { LoaderCircle } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from '../class-names.ts';
import { Tooltip } from '../layout/tooltip.tsx';

type Look = 'primary' | 'secondary' | 'ghost' | 'danger';
type Size = 'sm' | 'md';

const base =
  'relative inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none transition-[background-color,border-color,color,box-shadow,transform] duration-150 active:translate-y-px disabled:opacity-55 disabled:active:translate-y-0 aria-disabled:opacity-55';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent shadow-rest hover:bg-accent-strong',
  secondary: 'border border-line-strong bg-raised text-ink shadow-rest hover:bg-hover',
  ghost: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'bg-bad-fill text-white shadow-rest hover:brightness-110',
};

const sizes: Record<Size, string> = { sm: 'h-7 px-2.5 text-sm', md: 'h-9 px-3.5 text-base' };

/** The classes of a button, for links that look like one. */
export function buttonClass(look: Look = 'secondary', size: Size = 'md', extra?: string): string {
  return cx(base, looks[look], sizes[size], extra);
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  size?: Size;
  busy?: boolean | undefined;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = 'secondary',
  size = 'md',
  busy,
  icon,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy === true}
      aria-busy={busy === true || undefined}
      className={buttonClass(look, size, className)}
    >
      {busy === true ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  label: string;
  size?: Size;
  busy?: boolean;
  look?: Look;
  ref?: Ref<HTMLButtonElement>;
}

/** A square button whose label is spoken and shown as a tooltip. */
export function IconButton({
  label,
  size = 'md',
  look = 'ghost',
  busy,
  className,
  children,
  disabled,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        {...rest}
        disabled={disabled === true || busy === true}
        aria-label={label}
        className={cx(base, looks[look], size === 'sm' ? 'size-7' : 'size-9', className)}
      >
        {busy === true ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : children}
      </button>
    </Tooltip>
  );
}
