import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '../class-names.ts';

interface SegmentedProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  label: string;
  options: { value: Value; label: ReactNode }[];
  small?: boolean;
}

/** One of a few, side by side. */
export function Segmented<Value extends string>({
  value,
  onChange,
  label,
  options,
  small = false,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      aria-label={label}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
      className="inline-flex max-w-full flex-wrap self-start gap-0.5 rounded-md border border-line bg-sunken p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className={cx(
            'shrink-0 rounded-[0.3125rem] px-3 font-medium whitespace-nowrap text-ink-2 transition-colors hover:text-ink focus-visible:-outline-offset-1 data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:shadow-rest',
            small ? 'h-6 text-xs' : 'h-8 text-sm',
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
