import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { containerWords } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { buttonClass } from '../../ui/form/button.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import type { ContainersSearch } from './search.ts';

interface ContainerFiltersProps {
  search: ContainersSearch;
  stacks: readonly string[];
  onChange: (change: Partial<ContainersSearch>) => void;
}

export function ContainerFilters({ search, stacks, onChange }: ContainerFiltersProps) {
  const { t } = useTranslation();
  const engine = useEngineName();
  return (
    <div className="flex min-h-14 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <SearchInput
        className="w-full sm:w-64"
        label={t('containers.search')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q === '' ? undefined : q })}
      />
      <FilterSelect
        label={t('common.state')}
        any={t('common.anyState')}
        value={search.state}
        options={[
          { value: 'on', text: t('containers.on') },
          { value: 'off', text: t('containers.off') },
          ...containerWords
            .filter((word) => word !== 'failed')
            .map((word) => ({ value: word, text: t(`container.word.${word}`) })),
        ]}
        onChange={(state) => onChange({ state: state || undefined })}
      />
      {stacks.length > 0 && (
        <FilterSelect
          label={t('common.stack')}
          any={t('containers.anyStack')}
          value={search.stack}
          options={stacks.map((stack) => ({ value: stack, text: stack }))}
          onChange={(stack) => onChange({ stack: stack || undefined })}
        />
      )}
      <Link to="/containers/new" search={{ engine }} className={buttonClass('primary', 'md', 'ml-auto max-sm:w-full')}>
        <Plus aria-hidden className="size-4" />
        {t('containers.add')}
      </Link>
    </div>
  );
}
