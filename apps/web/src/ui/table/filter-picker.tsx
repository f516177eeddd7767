import { Check, ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../class-names.ts';
import { usePortalContainer } from '../layout/portal.ts';

export interface Pick {
  value: string;
  text: string;
  /** A second line. */
  hint?: string | undefined;
}

interface FilterPickerProps {
  label: string;
  /** What no filter is called. */
  any: string;
  value: string | undefined;
  /** What the hub found for the text, those that are chosen besides. */
  options: readonly Pick[];
  search: string;
  onSearch: (text: string) => void;
  /** The empty string lifts the filter. */
  onChange: (value: string) => void;
}

function List({ label, any, value, options, search, onSearch, onChange }: FilterPickerProps) {
  const { t } = useTranslation();
  const id = useId();
  const [at, setAt] = useState(0);
  const rows: readonly Pick[] = search === '' ? [{ value: '', text: any }, ...options] : options;
  const active = Math.min(at, rows.length - 1);
  function onKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && rows.length > 0) setAt((active + step + rows.length) % rows.length);
    else if (event.key === 'Enter' && rows[active]) onChange(rows[active].value);
    else return;
    event.preventDefault();
  }
  return (
    <>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={rows.length > 0 ? `${id}-${active}` : undefined}
        aria-label={t('list.searchFor', { what: label })}
        placeholder={t('common.search')}
        spellCheck={false}
        autoComplete="off"
        value={search}
        onKeyDown={onKey}
        onChange={(event) => {
          setAt(0);
          onSearch(event.target.value);
        }}
        className="h-9 w-full border-b border-line bg-transparent px-3 text-sm outline-none"
      />
      <div id={id} role="listbox" aria-label={label} className="max-h-72 overflow-y-auto p-1 scroll-thin">
        {rows.map((row, index) => (
          <button
            key={row.value}
            id={`${id}-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={row.value === (value ?? '')}
            onClick={() => onChange(row.value)}
            className={cx(
              'flex w-full items-center gap-2 rounded-sm px-2 py-1.5 text-left hover:bg-hover',
              index === active && 'bg-hover',
            )}
          >
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm">{row.text}</span>
              {row.hint !== undefined && <span className="block truncate text-xs text-ink-3">{row.hint}</span>}
            </span>
            {row.value === (value ?? '') && <Check aria-hidden className="size-4 shrink-0 text-accent-text" />}
          </button>
        ))}
      </div>
      {rows.length === 0 && <p className="px-3 pb-3 text-sm text-ink-3">{t('list.nobody')}</p>}
    </>
  );
}

/** One filter above a list whose words are too many to show: any, or one that is searched for. */
export function FilterPicker(props: FilterPickerProps) {
  const { label, any, value, options, onSearch, onChange } = props;
  const [open, setOpen] = useState(false);
  const container = usePortalContainer();
  const chosen = options.find((option) => option.value === value)?.text ?? value;
  function turn(next: boolean) {
    setOpen(next);
    if (!next) onSearch('');
  }
  return (
    <Popover.Root open={open} onOpenChange={turn}>
      <Popover.Trigger
        aria-label={`${label}: ${chosen ?? any}`}
        className="relative flex h-8 min-w-32 flex-1 items-center rounded-md border border-line-strong bg-raised pr-8 pl-2.5 text-left text-sm shadow-rest transition-colors hover:border-ink-3 sm:w-44 sm:flex-none"
      >
        <span className="truncate">{chosen ?? any}</span>
        <ChevronDown aria-hidden className="absolute right-2.5 size-4 text-ink-3" />
      </Popover.Trigger>
      <Popover.Portal container={container}>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-40 w-64 animate-appear overflow-hidden rounded-lg border border-line bg-raised shadow-float"
        >
          <List
            {...props}
            onChange={(next) => {
              turn(false);
              onChange(next);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
