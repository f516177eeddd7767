import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Choices } from '../../ui/form/choices.tsx';
import { byCategory } from './catalogue.ts';

interface AppsPickerProps {
  value: readonly string[];
  onChange: (apps: string[]) => void;
  error?: string | null;
}

/** Which apps a token may call, by category. */
export function AppsPicker({ value, onChange, error = null }: AppsPickerProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const apps = useQuery(trpc.apps.list.queryOptions());
  const groups = useMemo(
    () => byCategory((apps.data ?? []).filter(({ id, can }) => can.use || value.includes(id))),
    [apps.data, value],
  );
  return (
    <div className="flex flex-col gap-3">
      {groups.length === 0 && <p className="text-sm text-ink-3">{t('apps.none')}</p>}
      {groups.map(([category, list]) => (
        <Choices
          key={category}
          legend={category}
          options={list.map(({ id, name, displayName, enabled }) => ({
            value: id,
            label: displayName,
            text: `${displayName} ${name}`,
            ...(!enabled && { hint: t('apps.off') }),
          }))}
          value={value}
          onChange={onChange}
        />
      ))}
      {error !== null && <p className="text-xs font-medium text-bad">{error}</p>}
    </div>
  );
}
