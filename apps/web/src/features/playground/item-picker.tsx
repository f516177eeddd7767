import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Callable } from '../../lib/api-types.ts';
import { cx } from '../../ui/class-names.ts';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { SearchInput } from '../../ui/form/input.tsx';

interface ItemPickerProps {
  label: string;
  items: Callable[] | undefined;
  chosen: string | undefined;
  onChoose: (item: Callable) => void;
}

/** A list to choose one tool, prompt or resource from. */
export function ItemPicker({ label, items, chosen, onChoose }: ItemPickerProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  if (!items) return <SkeletonRows rows={4} className="h-10" />;
  const words = query.toLowerCase().split(/\s+/);
  const shown = items.filter((item) => {
    const text = [item.name, item.title, item.description].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <div className="flex flex-col gap-2">
      {items.length > 6 && <SearchInput label={label} value={query} onChange={setQuery} />}
      <ul aria-label={label} className="max-h-72 overflow-y-auto rounded-md border border-line scroll-thin">
        {shown.map((item) => (
          <li key={`${item.type} ${item.name}`} className="border-b border-line last:border-0">
            <button
              type="button"
              aria-pressed={item.name === chosen}
              disabled={!item.enabled}
              onClick={() => onChoose(item)}
              className={cx(
                'block w-full px-3 py-2 text-left transition-colors hover:bg-hover focus-visible:-outline-offset-2 disabled:opacity-50',
                item.name === chosen && 'bg-accent-soft',
              )}
            >
              <span className="flex flex-wrap items-baseline gap-x-2">
                <code className="font-mono text-sm font-medium break-all">{item.name}</code>
                {item.title !== null && item.title !== item.name && (
                  <span className="text-sm text-ink-2">{item.title}</span>
                )}
                {!item.enabled && <span className="text-xs text-ink-3">{t('playground.off')}</span>}
              </span>
              {item.description !== null && <span className="line-clamp-1 text-sm text-ink-3">{item.description}</span>}
            </button>
          </li>
        ))}
        {shown.length === 0 && <li className="px-3 py-4 text-center text-sm text-ink-3">{t('playground.nothing')}</li>}
      </ul>
    </div>
  );
}
