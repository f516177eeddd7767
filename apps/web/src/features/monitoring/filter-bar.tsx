import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/form/button.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { filterOf, type FilterName, type MonitoringSearch } from './search.ts';
import { useTop } from './use-metrics.ts';

interface FilterBarProps {
  search: MonitoringSearch;
  /** One filter takes the place of another. */
  onFilter: (filter: Partial<Record<FilterName, string>>) => void;
}

/** By whom or what figures are counted. */
export function FilterBar({ search, onFilter }: FilterBarProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000 })).data?.items ?? [];
  const models = useTop('model', search).data?.busiest ?? [];
  const people = useTop('user', search).data?.busiest ?? [];
  const { tool, ...given } = filterOf(search);
  function options(list: readonly { value: string; name: string | null }[], chosen: string | undefined) {
    const known = list.map(({ value, name }) => ({ value, text: name ?? value }));
    const isKnown = chosen === undefined || known.some(({ value }) => value === chosen);
    return isKnown ? known : [...known, { value: chosen, text: chosen }];
  }
  function pick(filter: FilterName) {
    return (value: string) => onFilter(value === '' ? {} : { [filter]: value });
  }
  return (
    <div className="flex flex-1 flex-wrap items-center gap-2">
      <FilterSelect
        label={t('monitoring.by.server')}
        any={t('monitoring.any.server')}
        value={given.server}
        options={options(
          servers.map(({ id, name }) => ({ value: id, name })),
          given.server,
        )}
        onChange={pick('server')}
      />
      <FilterSelect
        label={t('monitoring.by.user')}
        any={t('monitoring.any.user')}
        value={given.user}
        options={options(people, given.user)}
        onChange={pick('user')}
      />
      {(models.length > 0 || given.model !== undefined) && (
        <FilterSelect
          label={t('monitoring.by.model')}
          any={t('monitoring.any.model')}
          value={given.model}
          options={options(models, given.model)}
          onChange={pick('model')}
        />
      )}
      {tool !== undefined && (
        <Button size="sm" onClick={() => onFilter({})}>
          <span className="max-w-64 truncate">{tool}</span>
          <X aria-label={t('monitoring.lift')} className="size-3.5" />
        </Button>
      )}
    </div>
  );
}
