import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from '../class-names.ts';
import { usePortalContainer } from './portal.ts';

const item =
  'flex min-h-8 cursor-pointer items-center gap-2.5 rounded-sm px-2 py-1 text-base outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-hover';

/** A menu opened by a button. It is not modal: the modal one writes a style element, which the page's policy refuses. */
export function Menu({ trigger, label, children }: { trigger: ReactElement; label?: string; children: ReactNode }) {
  const container = usePortalContainer();
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal container={container}>
        <Primitive.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          {...(label === undefined ? {} : { 'aria-label': label })}
          className="z-40 min-w-48 animate-appear rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface MenuItemProps {
  icon?: ReactNode;
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon, onSelect, danger = false, disabled = false, children }: MenuItemProps) {
  return (
    <Primitive.Item onSelect={onSelect} disabled={disabled} className={cx(item, danger ? 'text-bad' : 'text-ink')}>
      <span aria-hidden className="grid size-4 place-items-center [&_svg]:size-4">
        {icon}
      </span>
      {children}
    </Primitive.Item>
  );
}

interface MenuChoiceProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  options: { value: string; label: string; icon?: ReactNode }[];
}

export function MenuChoice({ value, onChange, label, options }: MenuChoiceProps) {
  return (
    <Primitive.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      {options.map((option) => (
        <Primitive.RadioItem key={option.value} value={option.value} className={item}>
          <span aria-hidden className="grid size-4 place-items-center [&_svg]:size-4">
            {option.icon}
          </span>
          <span className="flex-1">{option.label}</span>
          <Primitive.ItemIndicator className="size-2 rounded-full bg-accent" />
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2 py-1 text-xs text-ink-3">{children}</Primitive.Label>;
}

export function MenuLine() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}
