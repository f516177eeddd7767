import { useTranslation } from 'react-i18next';
import type { Span } from '../../lib/time-range.ts';
import { Input } from '../form/input.tsx';
import { FilterSelect } from './filter-select.tsx';

interface TimeFilterProps {
  spans: readonly Span[];
  span: Span | undefined;
  /** Moments as their fields have them, of the span `own`. */
  from: string | undefined;
  to: string | undefined;
  /** The empty string lifts a bound. */
  onChange: (change: { span?: string; from?: string; to?: string }) => void;
}

/** When: the last so long, yesterday, or between two moments of one's own. */
export function TimeFilter({ spans, span, from, to, onChange }: TimeFilterProps) {
  const { t } = useTranslation();
  function moment(name: string, value: string | undefined, set: (value: string) => void) {
    return (
      <Input
        type="datetime-local"
        className="h-8! min-w-52 flex-1 text-sm! sm:w-56 sm:flex-none"
        aria-label={name}
        value={value ?? ''}
        onChange={(event) => set(event.target.value)}
      />
    );
  }
  return (
    <>
      <FilterSelect
        label={t('time.span')}
        any={t('time.any')}
        value={span}
        options={spans.map((each) => ({ value: each, text: t(`time.spans.${each}`) }))}
        onChange={(next) => onChange(next === 'own' ? { span: next } : { span: next, from: '', to: '' })}
      />
      {span === 'own' && (
        <>
          {moment(t('time.from'), from, (value) => onChange({ from: value }))}
          {moment(t('time.to'), to, (value) => onChange({ to: value }))}
        </>
      )}
    </>
  );
}
