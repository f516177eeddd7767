import type { ReactNode } from 'react';
import { SearchInput } from '../form/input.tsx';
import { Card } from './card.tsx';

interface ListCardProps {
  search: { label: string; value: string; onChange: (value: string | undefined) => void };
  /** What may be done besides looking. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A list with its search above it. */
export function ListCard({ search, actions, children }: ListCardProps) {
  return (
    <Card flush>
      <div className="flex min-h-14 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <SearchInput
          className="w-full sm:w-64"
          label={search.label}
          value={search.value}
          onChange={(value) => search.onChange(value || undefined)}
        />
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2 sm:ml-auto">{actions}</div>}
      </div>
      {children}
    </Card>
  );
}
