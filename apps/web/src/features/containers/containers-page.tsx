import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Container as Icon, ListFilter } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { isOn, wordOf } from '../../lib/container-state.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { ReadingsContext, useFollowedReadings } from '../../lib/use-readings.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ContainerFilters } from './container-filters.tsx';
import { ContainersTable } from './containers-table.tsx';
import { ContainersSearch } from './search.ts';
import { TableToolsContext } from './selection.ts';
import { useContainerActions } from './use-container-actions.ts';

function matches(container: Container, { q = '', state, stack }: ContainersSearch): boolean {
  if (stack !== undefined && container.project !== stack) return false;
  if (state === 'on' || state === 'off') {
    if (isOn(container) !== (state === 'on')) return false;
  } else if (state === 'exited' ? container.status !== 'exited' : state !== undefined && wordOf(container) !== state) {
    return false;
  }
  const { name, image, id, project, service, ownerName } = container;
  const text = [name, image, id, project, service, ownerName].join(' ').toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function useSelection(shown: readonly Container[]) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = shown.filter(({ id }) => selected.has(id));
  return {
    chosen,
    selected,
    clear: () => setSelected(new Set()),
    toggle: (ids: readonly string[], on: boolean) =>
      setSelected((old) => (on ? new Set([...old, ...ids]) : new Set([...old].filter((id) => !ids.includes(id))))),
  };
}

const none: Container[] = [];

export function ContainersPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const search = useSearch({ from: '/engine/sections/containers' });
  const navigate = useNavigate({ from: '/containers' });
  const { engine } = search;
  const containers = useQuery(trpc.containers.list.queryOptions({ engine }));
  const all = containers.data?.items;
  const shown = useMemo(() => all?.filter((container) => matches(container, search)), [all, search]);
  const readings = useFollowedReadings(engine, shown ?? none);
  const actions = useContainerActions();
  const { chosen, selected, toggle, clear } = useSelection(shown ?? none);
  function change(next: Partial<ContainersSearch>) {
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  }
  const stacks = [...new Set((all ?? none).flatMap(({ project }) => project ?? []))].toSorted();
  const ids = useMemo(() => (shown ?? none).map(({ id }) => id), [shown]);
  if (containers.isError && !containers.data) {
    return (
      <EngineFailed
        title={t('containers.loadFailed')}
        error={containers.error}
        onRetry={() => void containers.refetch()}
      />
    );
  }
  const empty =
    all?.length === 0 ? (
      <Empty
        icon={<Icon />}
        title={t('containers.none')}
        actions={
          <Link to="/containers/new" search={{ engine }} className={buttonClass('primary')}>
            {t('containers.add')}
          </Link>
        }
      >
        {t('containers.noneHint')}
      </Empty>
    ) : (
      <Empty
        icon={<ListFilter />}
        title={t('containers.noMatch')}
        actions={<Button onClick={() => void navigate({ search: { engine } })}>{t('containers.clearFilters')}</Button>}
      />
    );
  return (
    <ReadingsContext value={readings}>
      <TableToolsContext value={{ actions, selected, toggle, ids }}>
        <Card flush>
          {chosen.length > 0 ? (
            <BulkBar chosen={chosen} actions={actions} onClear={clear} />
          ) : (
            <ContainerFilters search={search} stacks={stacks} onChange={change} />
          )}
          <ContainersTable
            containers={shown}
            sort={{ by: search.sort ?? 'name', order: search.order ?? 'asc' }}
            onSort={({ by, order }) => change({ ...ContainersSearch.pick({ sort: true }).parse({ sort: by }), order })}
            empty={empty}
          />
        </Card>
        {containers.data && containers.data.items.length > 0 && (
          <p role="status" className="mt-3 text-sm text-ink-3">
            {t('containers.shown', { shown: shown?.length ?? 0, count: containers.data.total })}
          </p>
        )}
      </TableToolsContext>
    </ReadingsContext>
  );
}
