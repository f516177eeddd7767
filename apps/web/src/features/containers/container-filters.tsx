import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { containerWords } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { buttonClass } from '../../ui/button.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { ContainersSearch } from './search.ts';

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
      <Select
        compact
        className="min-w-32 flex-1 sm:flex-none"
        aria-label={t('containers.state')}
        value={search.state ?? ''}
        onChange={({ target: { value } }) =>
          onChange(ContainersSearch.pick({ state: true }).parse({ state: value || undefined }))
        }
      >
        <option value="">{t('containers.anyState')}</option>
        <option value="on">{t('containers.on')}</option>
        <option value="off">{t('containers.off')}</option>
        {containerWords
          .filter((word) => word !== 'failed')
          .map((word) => (
            <option key={word} value={word}>
              {t(`containers.word.${word}`)}
            </option>
          ))}
      </Select>
      {stacks.length > 0 && (
        <Select
          compact
          className="min-w-32 flex-1 sm:flex-none"
          aria-label={t('containers.stack')}
          value={search.stack ?? ''}
          onChange={({ target: { value } }) => onChange({ stack: value || undefined })}
        >
          <option value="">{t('containers.anyStack')}</option>
          {stacks.map((stack) => (
            <option key={stack} value={stack}>
              {stack}
            </option>
          ))}
        </Select>
      )}
      <Link to="/containers/new" search={{ engine }} className={buttonClass('primary', 'md', 'ml-auto max-sm:w-full')}>
        <Plus aria-hidden className="size-4" />
        {t('containers.add')}
      </Link>
    </div>
  );
}
