import { CornerDownLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../lib/command.ts';
import { cx } from '../ui/class-names.ts';

/** What fits what was typed; the combobox above has the keys. */
export function PaletteResults({
  commands,
  active,
  listId,
  onPick,
}: {
  commands: Command[];
  active: number;
  listId: string;
  onPick: (command: Command) => void;
}) {
  const { t } = useTranslation();
  return (
    <div
      id={listId}
      role="listbox"
      aria-label={t('palette.results')}
      className="min-h-0 flex-1 overflow-y-auto p-2 scroll-thin"
    >
      {commands.map((command, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox above has the keys
        <div
          key={command.id}
          id={`${listId}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          ref={(node) => {
            if (index === active) node?.scrollIntoView({ block: 'nearest' });
          }}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(command)}
          className={cx(
            'flex h-10 cursor-pointer items-center gap-3 rounded-md px-3',
            index === active && 'bg-accent-soft text-accent-text',
          )}
        >
          <span aria-hidden className="shrink-0 [&_svg]:size-4">
            {command.icon}
          </span>
          <span className="truncate">{command.label}</span>
          {command.detail !== undefined && (
            // Takes what the name leaves: that is what is looked for.
            <span className="flex-1 truncate font-mono text-xs text-ink-3">{command.detail}</span>
          )}
          <span className="ml-auto shrink-0 text-xs text-ink-3">{command.group}</span>
          {index === active && <CornerDownLeft aria-hidden className="size-3.5 shrink-0" />}
        </div>
      ))}
      {commands.length === 0 && <p className="px-3 py-6 text-center text-ink-3">{t('palette.none')}</p>}
    </div>
  );
}
