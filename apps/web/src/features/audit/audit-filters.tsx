import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { auditKinds, auditOutcomes } from '@switchboard/core/audit/schema';
import { Button } from '../../ui/form/button.tsx';
import { Input, SearchInput } from '../../ui/form/input.tsx';
import { CallerFilters } from '../../ui/table/caller-filters.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { TimeFilter } from '../../ui/table/time-filter.tsx';
import { auditSpans, type AuditSearch } from './search.ts';

export type AuditChange = { [Key in keyof AuditSearch]?: string | undefined };

interface AuditFiltersProps {
  search: AuditSearch;
  onChange: (change: AuditChange) => void;
}

const rarely = ['address', 'request'] as const;

function Word({
  field,
  search,
  onChange,
  mono = false,
}: Pick<AuditFiltersProps, 'search' | 'onChange'> & {
  field: 'action' | 'target' | 'address' | 'request';
  mono?: boolean;
}) {
  const { t } = useTranslation();
  const label = t(`audit.filter.${field}`);
  return (
    <Input
      mono={mono}
      className="h-8! min-w-32 flex-1 text-sm! sm:w-36 sm:flex-none"
      aria-label={label}
      placeholder={label}
      value={search[field] ?? ''}
      onChange={(event) => onChange({ [field]: event.target.value })}
    />
  );
}

export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const { t } = useTranslation();
  const set = rarely.some((field) => search[field] !== undefined);
  const [wanted, setWanted] = useState(false);
  const more = wanted || set;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
      <SearchInput
        className="w-full sm:w-52"
        label={t('audit.search')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q })}
      />
      <CallerFilters search={search} onChange={onChange} />
      <Word mono field="action" search={search} onChange={onChange} />
      <Word field="target" search={search} onChange={onChange} />
      <FilterSelect
        label={t('audit.kind')}
        any={t('audit.anyKind')}
        value={search.kind}
        options={auditKinds.map((kind) => ({ value: kind, text: t(`audit.kinds.${kind}`) }))}
        onChange={(kind) => onChange({ kind })}
      />
      <FilterSelect
        label={t('audit.result')}
        any={t('audit.anyResult')}
        value={search.outcome}
        options={auditOutcomes.map((outcome) => ({ value: outcome, text: t(`outcome.${outcome}`) }))}
        onChange={(outcome) => onChange({ outcome })}
      />
      <TimeFilter spans={auditSpans} span={search.span} from={search.from} to={search.to} onChange={onChange} />
      {more && rarely.map((field) => <Word mono key={field} field={field} search={search} onChange={onChange} />)}
      {!set && (
        <Button size="sm" look="ghost" aria-expanded={more} onClick={() => setWanted(!wanted)}>
          {t(more ? 'audit.fewerFilters' : 'audit.moreFilters')}
        </Button>
      )}
    </div>
  );
}
