import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';

interface NumberFieldProps {
  label: string;
  hint?: string;
  least: number;
  most: number;
  /** Null: nothing is given, where that may be. */
  value: number | null;
  onChange: (value: number) => void;
  disabled: boolean;
  placeholder?: string;
}

/** A whole number of a node; what is no number, or beyond the bounds, becomes the nearest that may be. */
export function NumberField({ label, hint, least, most, value, onChange, disabled, placeholder }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint}>
      <Input
        type="number"
        min={least}
        max={most}
        value={value ?? ''}
        readOnly={disabled}
        placeholder={placeholder}
        onChange={({ target }) => onChange(Math.min(most, Math.max(least, Math.trunc(Number(target.value)) || 0)))}
      />
    </Field>
  );
}
