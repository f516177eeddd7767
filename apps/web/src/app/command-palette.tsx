import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Boxes, CircleUser, Plus, Search, Server, Wrench } from 'lucide-react';
import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../lib/api-types.ts';
import { useTRPC } from '../lib/trpc.ts';
import { Sheet } from '../ui/dialog.tsx';
import { navigationFor } from './navigation.ts';
import { PaletteResults, type Command } from './palette-results.tsx';

function useCommands(me: Me): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  return useMemo(() => {
    const adding = [
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
    ];
    return [
      ...navigationFor(me).map(({ to, key, icon: Icon }) => ({
        id: `go-${key}`,
        group: t('palette.go'),
        label: t(`nav.${key}`),
        icon: <Icon />,
        run: () => void navigate({ to }),
      })),
      {
        id: 'go-account',
        group: t('palette.go'),
        label: t('nav.account'),
        icon: <CircleUser />,
        run: () => void navigate({ to: '/account' }),
      },
      ...(me.can.createServer ? adding : []),
      ...(groups.data?.items ?? []).map((group) => ({
        id: `group-${group.id}`,
        group: t('nav.groups'),
        label: group.displayName,
        detail: group.id,
        icon: <Boxes />,
        run: () => void navigate({ to: '/groups/$id', params: { id: group.id } }),
      })),
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
    ];
  }, [t, navigate, me, servers.data, groups.data]);
}

function matching(commands: Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, detail = '' }: Command) =>
    words.every((word) => `${label} ${detail}`.toLowerCase().includes(word));
  return commands.filter(fits).slice(0, 30);
}

/** Search and commands: a combobox whose list follows what is typed. */
function Palette({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const commands = matching(useCommands(me), query);
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
