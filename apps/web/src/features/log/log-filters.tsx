import { useTranslation } from 'react-i18next';
import { logLevels, logSources } from '@switchboard/core/logs/schema';
import { Input, SearchInput } from '../../ui/form/input.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { TimeFilter } from '../../ui/table/time-filter.tsx';
import { logSpans, type LogSearch } from './search.ts';

export type LogChange = { [Key in keyof LogSearch]?: string | undefined };

interface LogFiltersProps {
  search: LogSearch;
  onChange: (change: LogChange) => void;
}

/** Which records: how bad, from where, about what, and when. */
export function LogFilters({ search, onChange }: LogFiltersProps) {
  const { t } = useTranslation();
  return (
    <>
      <SearchInput
        className="w-full sm:w-52"
        label={t('logs.search')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q })}
      />
      <FilterSelect
        label={t('log.level')}
        any={t('log.anyLevel')}
        value={search.level}
        options={logLevels.map((level) => ({ value: level, text: t(`log.atLeast.${level}`) }))}
        onChange={(level) => onChange({ level })}
      />
      <FilterSelect
        label={t('log.source')}
        any={t('log.anySource')}
        value={search.source}
        options={logSources.map((source) => ({ value: source, text: t(`log.sources.${source}`) }))}
        onChange={(source) => onChange({ source })}
      />
      {(['server', 'request', 'trace'] as const).map((field) => (
        <Input
          key={field}
          mono
          className="h-8! min-w-32 flex-1 text-sm! sm:w-40 sm:flex-none"
          aria-label={t(`log.filter.${field}`)}
          placeholder={t(`log.filter.${field}`)}
          value={search[field] ?? ''}
          onChange={(event) => onChange({ [field]: event.target.value })}
        />
      ))}
      <TimeFilter spans={logSpans} span={search.span} from={search.from} to={search.to} onChange={onChange} />
    </>
  );
}
