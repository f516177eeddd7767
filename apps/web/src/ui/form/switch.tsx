import { Switch as Primitive } from 'radix-ui';
import { cx } from '../class-names.ts';

interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  disabled?: boolean | undefined;
  id?: string;
}

export function Switch({ checked, onChange, label, disabled = false, id }: SwitchProps) {
  return (
    <Primitive.Root
      id={id}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={label}
      className={cx(
        'relative inline-flex h-5 w-9 shrink-0 items-center rounded-full border transition-colors disabled:opacity-50',
        checked ? 'border-accent bg-accent' : 'border-line-strong bg-sunken',
      )}
    >
      <Primitive.Thumb
        className={cx(
          'block size-3.5 rounded-full shadow-rest transition-transform duration-150',
          checked ? 'translate-x-[18px] bg-on-accent' : 'translate-x-0.5 bg-ink-3',
        )}
      />
    </Primitive.Root>
  );
}

interface SwitchRowProps extends Omit<SwitchProps, 'id'> {
  hint?: string;
}

/** A switch with its words beside it. */
export function SwitchRow({ label, hint, ...rest }: SwitchRowProps) {
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <p className="text-sm font-medium">{label}</p>
        {hint !== undefined && <p className="text-xs text-ink-3">{hint}</p>}
      </div>
      <Switch label={label} {...rest} />
    </div>
  );
}
