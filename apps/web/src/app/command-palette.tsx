import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CornerDownLeft, Plus, Search, Server, Wrench } from 'lucide-react';
import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../lib/trpc.ts';
import { cx } from '../ui/class-names.ts';
import { Sheet } from '../ui/dialog.tsx';
import { navigation } from './navigation.ts';

interface Command {
  id: string;
  group: string;
  label: string;
  detail?: string;
  icon: ReactNode;
  run: () => void;
}

function useCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  return useMemo(
    () => [
      ...navigation.map(({ to, key, icon: Icon }) => ({
        id: `go-${key}`,
        group: t('palette.go'),
        label: t(`nav.${key}`),
        icon: <Icon />,
        run: () => void navigate({ to }),
      })),
      {
        id: 'add-server',
        group: t('palette.do'),
        label: t('servers.add'),
        icon: <Plus />,
        run: () => void navigate({ to: '/servers/new' }),
      },
      {
        id: 'paste-config',
        group: t('palette.do'),
        label: t('servers.pasteConfig'),
        icon: <Plus />,
        run: () => void navigate({ to: '/servers/new', search: { from: 'config' } }),
      },
      ...(servers.data?.items ?? []).flatMap((server) => [
        {
          id: `server-${server.id}`,
          group: t('nav.servers'),
          label: server.name,
          detail: server.id,
          icon: <Server />,
          run: () => void navigate({ to: '/servers/$id', params: { id: server.id } }),
        },
        {
          id: `try-${server.id}`,
          group: t('nav.playground'),
          label: t('palette.try', { name: server.name }),
          detail: server.id,
          icon: <Wrench />,
          run: () => void navigate({ to: '/playground', search: { server: server.id } }),
        },
      ]),
    ],
    [t, navigate, servers.data],
  );
}

function matching(commands: Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, detail = '' }: Command) =>
    words.every((word) => `${label} ${detail}`.toLowerCase().includes(word));
  return commands.filter(fits).slice(0, 30);
}

function Results({
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
          <span aria-hidden className="[&_svg]:size-4">
            {command.icon}
          </span>
          <span className="truncate">{command.label}</span>
          {command.detail !== undefined && (
            <span className="truncate font-mono text-xs text-ink-3">{command.detail}</span>
          )}
          <span className="ml-auto shrink-0 text-xs text-ink-3">{command.group}</span>
          {index === active && <CornerDownLeft aria-hidden className="size-3.5 shrink-0" />}
        </div>
      ))}
      {commands.length === 0 && <p className="px-3 py-6 text-center text-ink-3">{t('palette.none')}</p>}
    </div>
  );
}

/** Search and commands: a combobox whose list follows what is typed. */
function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const commands = matching(useCommands(), query);
  const pick = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((index) => (index + step + commands.length) % Math.max(1, commands.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(commands[active]);
    }
  };
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
      <Results commands={commands} active={active} listId={listId} onPick={pick} />
    </>
  );
}

/** Opens over the page and starts empty each time. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet open={open} onClose={onClose} shape="top" label={t('shell.search')}>
      <Palette onClose={onClose} />
    </Sheet>
  );
}
