import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { FilterPicker } from './filter-picker.tsx';

interface CallerFiltersProps {
  /** Name or id of a user, and id of an API key. */
  search: { user?: string | undefined; key?: string | undefined };
  onChange: (change: { user?: string; key?: string }) => void;
}

function useCallers(search: string, chosen: string | undefined) {
  const trpc = useTRPC();
  const settled = useSettled(search);
  const input = { ...(settled !== '' && { search: settled }), ...(chosen !== undefined && { chosen: [chosen] }) };
  return useQuery(trpc.calls.callers.queryOptions(input, { placeholderData: keepPreviousData })).data;
}

function PersonFilter({ search: { user }, onChange }: CallerFiltersProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = useCallers(search, user);
  return (
    <FilterPicker
      label={t('call.person')}
      any={t('call.anyPerson')}
      value={found?.people.find(({ id }) => id === user)?.name ?? user}
      options={
        found?.people.map(({ name, removed }) => ({
          value: name,
          text: name,
          hint: removed ? t('call.removed') : undefined,
        })) ?? []
      }
      search={search}
      onSearch={setSearch}
      onChange={(value) => onChange({ user: value })}
    />
  );
}

function KeyFilter({ search: { key }, onChange }: CallerFiltersProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = useCallers(search, key);
  return (
    <FilterPicker
      label={t('call.key')}
      any={t('call.anyKey')}
      value={key}
      options={
        found?.keys.map(({ id, name, userName, removed }) => ({
          value: id,
          text: name,
          hint: removed ? t('call.revoked') : (userName ?? undefined),
        })) ?? []
      }
      search={search}
      onSearch={setSearch}
      onChange={(value) => onChange({ key: value })}
    />
  );
}

/** By whom, and with which key; who sees only its own calls and changes has no person to choose. */
export function CallerFilters(props: CallerFiltersProps) {
  const { me } = useInstance();
  return (
    <>
      {me?.can.listUsers === true && <PersonFilter {...props} />}
      <KeyFilter {...props} />
    </>
  );
}
