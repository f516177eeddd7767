import { Select } from '../form/input.tsx';

interface FilterSelectProps<Value extends string> {
  label: string;
  /** What no filter is called. */
  any: string;
  value: Value | undefined;
  options: readonly { value: Value; text: string }[];
  /** The empty string lifts the filter. */
  onChange: (value: Value | '') => void;
}

/** One filter above a list: any, or one of some words. */
export function FilterSelect<Value extends string>({ label, any, value, options, onChange }: FilterSelectProps<Value>) {
  return (
    <Select
      compact
      className="min-w-32 flex-1 sm:w-44 sm:flex-none"
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChange(options.find((option) => option.value === target.value)?.value ?? '')}
    >
      <option value="">{any}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </Select>
  );
}
