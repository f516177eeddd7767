import { useTranslation } from 'react-i18next';
import { timeRanges } from '@switchboard/core/monitoring/schema';
import { exactTime } from '../../lib/format.ts';
import { Button } from '../../ui/form/button.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { usualRange, type TimeSearch } from './search.ts';

interface TimeBarProps {
  time: TimeSearch;
  onChange: (time: TimeSearch) => void;
}

/** Which time is shown, and the way back from a part of it. */
export function TimeBar({ time, onChange }: TimeBarProps) {
  const { t, i18n } = useTranslation();
  const { range = usualRange, from, to } = time;
  const isZoomed = from !== undefined && to !== undefined;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented
        label={t('time.span')}
        value={isZoomed ? ('' as typeof range) : range}
        onChange={(next) => onChange({ range: next === usualRange ? undefined : next })}
        options={timeRanges.map((value) => ({ value, text: value, label: t(`monitoring.ranges.${value}`) }))}
      />
      {isZoomed && (
        <>
          <span className="text-sm text-ink-2 tabular">
            {exactTime(from, i18n.language)} – {exactTime(to, i18n.language)}
          </span>
          <Button size="sm" onClick={() => onChange({ range: time.range })}>
            {t('monitoring.whole')}
          </Button>
        </>
      )}
    </div>
  );
}
