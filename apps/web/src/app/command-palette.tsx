import { Search } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../lib/api-types.ts';
import type { Command } from '../lib/command.ts';
import { Sheet } from '../ui/layout/dialog.tsx';
import { useCommands } from './palette-commands.tsx';
import { PaletteResults } from './palette-results.tsx';

function matching(commands: Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  function fits({ label, detail = '' }: Command) {
    return words.every((word) => `${label} ${detail}`.toLowerCase().includes(word));
  }
  return commands.filter(fits).slice(0, 30);
}

/** Search and commands: a combobox whose list follows what is typed. */
function Palette({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const commands = matching(useCommands(me), query);
  function pick(command: Command | undefined) {
    if (!command) return;
    onClose();
    command.run();
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((index) => (index + step + commands.length) % Math.max(1, commands.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(commands[active]);
    }
  }
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden className="size-4 text-ink-3" />
        <input
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={commands.length > 0 ? `${listId}-${active}` : undefined}
          aria-label={t('shell.search')}
          placeholder={t('palette.placeholder')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 w-full bg-transparent text-lg outline-none"
        />
      </div>
      <PaletteResults commands={commands} active={active} listId={listId} onPick={pick} />
    </>
  );
}

/** Opens over the page and starts empty each time. */
export function CommandPalette({ me, open, onClose }: { me: Me; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet open={open} onClose={onClose} shape="top" label={t('shell.search')}>
      <Palette me={me} onClose={onClose} />
    </Sheet>
  );
}
