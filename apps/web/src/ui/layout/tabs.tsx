import { Tabs as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

export const tabList = 'flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]';
const tab =
  'relative flex h-10 shrink-0 items-center gap-2 px-3 text-base font-medium whitespace-nowrap text-ink-3 transition-colors hover:text-ink focus-visible:-outline-offset-2 data-[state=active]:text-ink data-[state=active]:after:absolute data-[state=active]:after:inset-x-3 data-[state=active]:after:-bottom-px data-[state=active]:after:h-0.5 data-[state=active]:after:rounded-full data-[state=active]:after:bg-accent';

/** A tab that is a link: its part of the page has an address of its own. */
export const linkTab = `${tab} aria-[current=page]:text-ink aria-[current=page]:after:absolute aria-[current=page]:after:inset-x-3 aria-[current=page]:after:-bottom-px aria-[current=page]:after:h-0.5 aria-[current=page]:after:rounded-full aria-[current=page]:after:bg-accent`;

interface TabsProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  tabs: { value: string; label: ReactNode; content: ReactNode }[];
}

/** Tabs that switch a part of a page. Parts with their own address are links instead. */
export function Tabs({ value, onChange, label, tabs }: TabsProps) {
  return (
    <Primitive.Root value={value} onValueChange={onChange}>
      <Primitive.List aria-label={label} className={tabList}>
        {tabs.map((each) => (
          <Primitive.Trigger key={each.value} value={each.value} className={tab}>
            {each.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((each) => (
        <Primitive.Content key={each.value} value={each.value} className="pt-5">
          {each.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
